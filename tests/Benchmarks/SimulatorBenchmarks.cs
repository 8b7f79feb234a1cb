using BenchmarkDotNet.Attributes;
using P2PCloud.Contracts;
using P2PCloud.Overlays.Boot;
using P2PCloud.Overlays.Chord;
using P2PCloud.Overlays.Common;
using P2PCloud.Simulation;

namespace P2PCloud.Benchmarks;

/// <summary>How many messages a second the simulator delivers on one core; one operation is one message.</summary>
[MemoryDiagnoser]
[Config(typeof(MessagesPerSecond))]
public class SimulatorBenchmarks
{
    private const int Nodes = 64;
    private const int Messages = 1_000_000;

    private SimulatedNetwork _network = new(1);
    private long _end;

    /// <summary>64 nodes that call one another at random, one call at a time each.</summary>
    [GlobalSetup(Target = nameof(Echo))]
    public void StartEcho()
    {
        _network = new SimulatedNetwork(1);
        List<NodeRef> nodes = [.. Enumerable.Range(0, Nodes).Select(number => new NodeRef(AppIds.Peer(number)))];
        for (var i = 0; i < Nodes; i++)
        {
            _network.Add(new EchoEngine(nodes[i], new SplitMix64((ulong)i), nodes));
        }
    }

    [Benchmark(OperationsPerInvoke = Messages)]
    public long Echo() => Deliver();

    /// <summary>A settled ring of 64 nodes; each looks one random key up after the other.</summary>
    [GlobalSetup(Target = nameof(Chord))]
    public void StartChord()
    {
        var bootstrap = new NodeRef(AppIds.Bootstrap);
        _network = new SimulatedNetwork(1);
        _network.Add(new BootServer(bootstrap, new SplitMix64(0), TimeSpan.FromSeconds(30)));
        for (var i = 0; i < Nodes; i++)
        {
            var boot = new BootParameters { Bootstrap = bootstrap, Incarnation = 1 };
            _network.Add(new ChordNode(new NodeRef(AppIds.Peer(i), 0), new SplitMix64((ulong)i + 1), boot, new ChordParameters(), []));
        }

        _network.Run(TimeSpan.FromMinutes(2));
        foreach (var name in _network.Names.Where(name => name != bootstrap.Name))
        {
            LookUp(name, 0);
        }
    }

    [Benchmark(OperationsPerInvoke = Messages)]
    public long Chord() => Deliver();

    private void LookUp(string name, int number) =>
        _network.Post(name, new ProvidersCommand($"{name} {number}"), _ => LookUp(name, number + 1));

    private long Deliver()
    {
        _end += Messages;
        if (!_network.RunUntil(() => _network.MessagesDelivered >= _end, TimeSpan.FromDays(1)))
        {
            throw new InvalidOperationException("The network fell silent.");
        }

        return _network.MessagesDelivered;
    }
}
