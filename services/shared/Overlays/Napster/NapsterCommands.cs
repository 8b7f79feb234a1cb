using P2PCloud.Contracts;
using P2PCloud.Overlays.Common;

namespace P2PCloud.Overlays.Napster;

/// <summary>Asks the directory who shares a content (types 215 to 217).</summary>
/// <param name="ContentId">SHA-256 of all bytes, 64 lower-case hexadecimal digits.</param>
public sealed record NapsterSourcesCommand(string ContentId) : ICommand<NapsterSources>;

/// <summary>Who shares a content.</summary>
/// <param name="Outcome">Failed when the directory did not answer.</param>
/// <param name="Postings">In the common order.</param>
public sealed record NapsterSources(SearchOutcome Outcome, IReadOnlyList<Posting> Postings);

/// <summary>Asks a session how it is.</summary>
public sealed record NapsterStatusCommand : ICommand<NapsterStatus>;

/// <summary>How a session is.</summary>
/// <param name="Pending">What is missing until the directory has every file; null when nothing is.</param>
/// <param name="LoggedIn">The directory knows the session.</param>
/// <param name="Files">Files that the peer shares.</param>
public sealed record NapsterStatus(string? Pending, bool LoggedIn, int Files) : IEngineStatus;
