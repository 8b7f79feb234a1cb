namespace P2PCloud.Contracts;

/// <summary>App-ids of the services that have one address for all replicas. Peers and group leaders are numbered.</summary>
public static class AppIds
{
    /// <summary>BOOT: membership leases.</summary>
    public const string Bootstrap = "bootstrap";

    /// <summary>Napster's central index.</summary>
    public const string Directory = "directory";

    /// <summary>The REST door.</summary>
    public const string Gateway = "gateway";

    /// <summary>App-id of peer number <paramref name="number"/>, from 0.</summary>
    public static string Peer(int number) => $"peer-{number}";

    /// <summary>App-id of group leader number <paramref name="number"/>, from 0.</summary>
    public static string Supernode(int number) => $"supernode-{number}";
}

/// <summary>The four lookup techniques, as the REST interface and span attributes name them.</summary>
public static class Techniques
{
    /// <summary>Central directory.</summary>
    public const string Napster = "napster";

    /// <summary>Flooding.</summary>
    public const string Gnutella = "gnutella";

    /// <summary>Group leaders.</summary>
    public const string Kazaa = "kazaa";

    /// <summary>Consistent hashing.</summary>
    public const string Chord = "chord";

    /// <summary>All of them, in the order in which they were published.</summary>
    public static IReadOnlyList<string> All { get; } = [Napster, Gnutella, Kazaa, Chord];
}

/// <summary>The overlays in which a node can be registered with BOOT.</summary>
public static class OverlayNames
{
    /// <summary>Every running peer, whatever overlays it is in: what the gateway asks for.</summary>
    public const string Peers = "peers";

    /// <summary>Members of the Chord ring, one entry a virtual node.</summary>
    public const string Chord = "chord";

    /// <summary>Gnutella servents.</summary>
    public const string Gnutella = "gnutella";

    /// <summary>KaZaA group leaders.</summary>
    public const string KazaaLeaders = "kazaa-leaders";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } = [Peers, Chord, Gnutella, KazaaLeaders];
}
