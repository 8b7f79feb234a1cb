using P2PCloud.Contracts;
using P2PCloud.Overlays.Boot;
using P2PCloud.Overlays.Common;
using P2PCloud.Simulation;

namespace P2PCloud.Overlays.Tests.Common;

/// <summary>A simulated network with a bootstrap node.</summary>
internal sealed class Cloud
{
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);

    private readonly ulong _seed;
    private ulong _nodes;

    public Cloud(ulong seed)
    {
        _seed = seed;
        Network = new SimulatedNetwork(seed);
        Network.Add(new BootServer(Bootstrap, NextRandom(), Lease));
    }

    public static NodeRef Bootstrap { get; } = new(AppIds.Bootstrap);

    public SimulatedNetwork Network { get; }

    public static BootParameters Boot(long incarnation = 1) => new() { Bootstrap = Bootstrap, Incarnation = incarnation };

    public static NodeRef Peer(int number) => new(AppIds.Peer(number));

    public IRandom NextRandom() => new SplitMix64((_seed * 1_000_003) + ++_nodes);

    public T Add<T>(Func<IRandom, T> make, TimeSpan delay = default)
        where T : Engine => Network.Add(make(NextRandom()), delay);

    public void RestartBoot()
    {
        Network.Kill(AppIds.Bootstrap);
        Network.Add(new BootServer(Bootstrap, NextRandom(), Lease));
    }
}

/// <summary>Files for tests.</summary>
internal static class Sample
{
    public static SharedFile File(string name, long size = 1) =>
        new(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(name))), name, size);

    public static IReadOnlyList<string> Names(IEnumerable<Posting> postings) => [.. postings.Select(posting => posting.Name)];

    public static IEnumerable<Hop> Flatten(IEnumerable<Hop> hops) => hops.SelectMany(hop => Flatten(hop.Children ?? []).Prepend(hop));
}
