namespace P2PCloud.Overlays.Gnutella;

/// <summary>What a node is in the overlay.</summary>
public enum GnutellaRole
{
    /// <summary>Gnutella 0.4: all nodes are alike.</summary>
    Servent,

    /// <summary>Gnutella 0.6: floods among its like, and asks for its leaves what their tables let pass.</summary>
    Ultrapeer,

    /// <summary>Gnutella 0.6: linked with ultrapeers only, to which it sends a table of its keywords; it passes nothing on.</summary>
    Leaf,
}

/// <summary>Bounds and times between leaves and ultrapeers.</summary>
public sealed record LeafParameters
{
    /// <summary>Ultrapeers of a leaf, at least 1.</summary>
    public int UltrapeersMax { get; init; } = 3;

    /// <summary>Leaves of an ultrapeer. The proposal of 2001: 10 to 100.</summary>
    public int LeavesMax { get; init; } = 30;

    /// <summary>An ultrapeer drops a leaf that has not pinged for this long.</summary>
    public TimeSpan LeafLease { get; init; } = TimeSpan.FromSeconds(12);

    /// <summary>Entries of a leaf's table: a power of two.</summary>
    public int TableLength { get; init; } = QrpTable.DefaultLength;
}
