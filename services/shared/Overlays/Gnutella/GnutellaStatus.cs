using P2PCloud.Contracts;
using P2PCloud.Overlays.Common;

namespace P2PCloud.Overlays.Gnutella;

/// <summary>Asks a servent how it is.</summary>
public sealed record GnutellaStatusCommand : ICommand<GnutellaStatus>;

/// <summary>How a servent is.</summary>
/// <param name="Pending">What is missing until it is in the overlay; null when nothing is.</param>
/// <param name="Links">Its neighbours, ordered by name.</param>
/// <param name="Files">Files that it shares.</param>
/// <param name="Seen">Descriptors that it remembers.</param>
/// <param name="Dropped">Messages dropped because they broke a rule or had no way back.</param>
/// <param name="Limited">Queries dropped because a neighbour sent too many.</param>
/// <param name="Known">Nodes in its pong cache.</param>
/// <param name="Leaves">Leaves of an ultrapeer, ordered by name.</param>
public sealed record GnutellaStatus(
    string? Pending,
    IReadOnlyList<NodeRef> Links,
    int Files,
    int Seen,
    long Dropped,
    long Limited,
    int Known,
    IReadOnlyList<NodeRef> Leaves) : IEngineStatus;
