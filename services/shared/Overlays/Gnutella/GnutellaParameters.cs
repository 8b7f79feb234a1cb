using P2PCloud.Overlays.Flooding;

namespace P2PCloud.Overlays.Gnutella;

/// <summary>Settings of a servent.</summary>
public sealed record GnutellaParameters
{
    /// <summary>TTL of its queries. Gnutella 0.4 suggests 7.</summary>
    public int Ttl { get; init; } = 7;

    /// <summary>TTLs of an expanding ring, ascending, each at least 1; those that reach <see cref="Ttl"/> give way to it.</summary>
    public IReadOnlyList<int> Rings { get; init; } = [1, 3, 5];

    /// <summary>Links that it keeps up. Early clients: 4.</summary>
    public int Degree { get; init; } = 4;

    /// <summary>Files that it shares at most; further ones are left out.</summary>
    public int FilesMax { get; init; } = 100_000;

    /// <summary>Bounds of its floods; the TTL is <see cref="Ttl"/>.</summary>
    public FloodParameters Flood { get; init; } = new();

    /// <summary>What it is: by default a servent of Gnutella 0.4, which is linked with its like.</summary>
    public GnutellaRole Role { get; init; } = GnutellaRole.Servent;

    /// <summary>Bounds and times between leaves and ultrapeers.</summary>
    public LeafParameters Leaves { get; init; } = new();

    /// <summary>Bounds of its random walks.</summary>
    public WalkParameters Walks { get; init; } = new();

    /// <summary>Times and bounds of its links; the degree is <see cref="Degree"/>.</summary>
    public NeighbourhoodParameters Links { get; init; } = new();
}
