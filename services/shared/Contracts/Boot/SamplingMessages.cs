namespace P2PCloud.Contracts.Boot;

/// <summary>What a peer knows of another one.</summary>
/// <param name="Node">That peer.</param>
/// <param name="Age">Exchanges of its holders since the entry was made by the peer itself, 0 or more.</param>
public sealed record ViewEntry(NodeRef Node, int Age);

/// <summary>
/// A shuffle (Cyclon; Voulgaris, Gavidia, van Steen, Journal of Network and Systems Management 13(2), 2005): part of the sender's view,
/// with the sender itself at age 0, for part of the receiver's.
/// </summary>
/// <param name="Entries">At least one.</param>
public sealed record ShuffleRequest(IReadOnlyList<ViewEntry> Entries) : IRequest<ShuffleReply>;

/// <summary>Part of the receiver's view, as it was before the shuffle; at most as many entries as were sent.</summary>
public sealed record ShuffleReply(IReadOnlyList<ViewEntry> Entries) : IMessage;
