namespace P2PCloud.Contracts.Gnutella;

/// <summary>
/// Query Routing Protocol 1.0, variant 0 (payload 0x30): begins a leaf's table at its ultrapeer. Until the last patch that follows, every
/// query is for the leaf.
/// </summary>
/// <param name="TableLength">Entries, a power of two.</param>
/// <param name="Infinity">The distance that means that no file has a keyword with this hash.</param>
public sealed record RouteTableReset(int TableLength, int Infinity) : IRequest<RouteTableReply>;

/// <summary>Variant 1: one of a sequence of patches that together change all entries in their order.</summary>
/// <param name="SeqNo">From 1.</param>
/// <param name="SeqSize">Patches of the sequence, 1 to 255.</param>
/// <param name="Compressor">0: none. 1 is zlib, which is refused here.</param>
/// <param name="EntryBits">4 or 8: bits of an entry, the first one in the high bits of a byte.</param>
/// <param name="Data">Signed numbers to add to the entries.</param>
public sealed record RouteTablePatch(int SeqNo, int SeqSize, int Compressor, int EntryBits, byte[] Data) : IRequest<RouteTableReply>;

/// <summary>False when there is no link, or when the order of messages is broken: the link has ended then.</summary>
public sealed record RouteTableReply(bool Taken) : IMessage;
