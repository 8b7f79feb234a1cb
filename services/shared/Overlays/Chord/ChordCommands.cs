using P2PCloud.Contracts;
using P2PCloud.Contracts.Api;
using P2PCloud.Contracts.Chord;
using P2PCloud.Overlays.Common;

namespace P2PCloud.Overlays.Chord;

/// <summary>Looks up who provides a content, by the key H(content id).</summary>
public sealed record ProvidersCommand(string ContentId) : ICommand<SearchResult>;

/// <summary>Looks up the owner of an id, and nothing else.</summary>
public sealed record LookUpCommand(NodeId Key, LookupMode Mode = LookupMode.Recursive) : ICommand<OwnerFound>;

/// <summary>How a <see cref="LookUpCommand"/> ended.</summary>
/// <param name="Owner">Null when it was not found before the deadline.</param>
/// <param name="Path">Hops in order, failed ones included.</param>
/// <param name="Messages">Every protocol message of the try that ended it.</param>
public sealed record OwnerFound(ChordContact? Owner, IReadOnlyList<Hop> Path, int Messages);

/// <summary>Asks for the state of a virtual node.</summary>
public sealed record ChordStatusCommand : ICommand<ChordStatus>;

/// <summary>The state of a virtual node.</summary>
/// <param name="Pending">What is missing until it has joined and its files can be found.</param>
/// <param name="State">As people see it.</param>
/// <param name="RefusedContacts">References whose id was not H(app # virtual node).</param>
public sealed record ChordStatus(string? Pending, VirtualNodeState State, long RefusedContacts) : IEngineStatus;
