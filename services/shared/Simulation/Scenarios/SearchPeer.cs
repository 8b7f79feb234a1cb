using P2PCloud.Contracts;
using P2PCloud.Overlays.Common;

namespace P2PCloud.Simulation.Scenarios;

/// <summary>A node of Napster, Gnutella or KaZaA: a peer that shares and searches, or a server (directory, group leader).</summary>
internal sealed class SearchPeer(int number, Engine engine, bool isServer, TimeSpan startedAt) : ScenarioNode(engine.Self.Name)
{
    public int Number { get; } = number;

    public Engine Engine { get; } = engine;

    public bool IsServer { get; } = isServer;

    public TimeSpan StartedAt { get; } = startedAt;

    /// <summary>What it shares, as far as it was told so far.</summary>
    public HashSet<SharedFile> Files { get; } = [];
}
