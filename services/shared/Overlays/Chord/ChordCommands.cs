using P2PCloud.Contracts.Api;
using P2PCloud.Overlays.Common;

namespace P2PCloud.Overlays.Chord;

/// <summary>Looks up who provides a content, by the key H(content id).</summary>
public sealed record ProvidersCommand(string ContentId) : ICommand<SearchResult>;

/// <summary>Asks for the state of a virtual node.</summary>
public sealed record ChordStatusCommand : ICommand<ChordStatus>;

/// <summary>The state of a virtual node.</summary>
/// <param name="Pending">What is missing until it has joined and its files can be found.</param>
/// <param name="State">As people see it.</param>
/// <param name="RefusedContacts">References whose id was not H(app # virtual node).</param>
public sealed record ChordStatus(string? Pending, VirtualNodeState State, long RefusedContacts) : IEngineStatus;
