using Microsoft.AspNetCore.Builder;

namespace P2PCloud.Local;

/// <summary>The size and shape of a cloud on one machine.</summary>
public sealed record LocalCloudOptions
{
    /// <summary>Peers, 1 to 256.</summary>
    public int Peers { get; init; } = 16;

    /// <summary>KaZaA group leaders, 1 to 64.</summary>
    public int Supernodes { get; init; } = 3;

    /// <summary>Chord nodes of each peer, 1 to 64.</summary>
    public int VirtualNodes { get; init; } = 4;

    /// <summary>Loopback port of the gateway; 0 for any free one. All other services take free ones.</summary>
    public int Port { get; init; } = 8080;

    /// <summary>Folder whose files are spread over the peers; null for none. Nothing is written to it.</summary>
    public string? ShareFolder { get; init; }

    /// <summary>Folder in which each peer keeps its keys and its last contacts, made when it is not there; null: both end with the cloud.</summary>
    public string? DataFolder { get; init; }

    /// <summary>Address <c>host:port</c> of a Redis server; null for an embedded one.</summary>
    public string? Redis { get; init; }

    /// <summary>How long a dead peer stays in the indexes and with BOOT, at most.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Called for every service before it is built: name of the app-id, and its builder.</summary>
    public Action<string, WebApplicationBuilder>? Configure { get; init; }

    /// <summary>Called for every service when it listens.</summary>
    public Action<ServiceAddress>? Started { get; init; }

    /// <summary>Throws when a value is out of its range.</summary>
    /// <exception cref="ArgumentException">Says which value, and what it may be.</exception>
    public void Validate()
    {
        Check(Peers is >= 1 and <= 256, "The number of peers is 1 to 256.");
        Check(Supernodes is >= 1 and <= 64, "The number of supernodes is 1 to 64.");
        Check(VirtualNodes is >= 1 and <= 64, "The number of virtual nodes is 1 to 64.");
        Check(Port is >= 0 and <= 65535, "The port is 0 to 65535.");
        Check(ShareFolder is null || Directory.Exists(ShareFolder), $"The folder to share does not exist: {ShareFolder}");
        Check(Lease >= TimeSpan.FromSeconds(1), "The lease is at least 1 second.");
    }

    private static void Check(bool holds, string message)
    {
        if (!holds)
        {
            throw new ArgumentException(message);
        }
    }
}
