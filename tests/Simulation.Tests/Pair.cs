namespace P2PCloud.Simulation.Tests;

/// <summary>A network on which a message takes exactly 10 ms, unless said, with a node "a" that asks and a node "b" that answers.</summary>
internal sealed class Pair
{
    public static readonly TimeSpan Latency = TimeSpan.FromMilliseconds(10);
    public static readonly TimeSpan Timeout = TimeSpan.FromMilliseconds(500);

    public Pair(NetworkModel? model = null, ulong seed = 1, ScriptedEngine? answering = null)
    {
        Network = new SimulatedNetwork(seed, model ?? Exact);
        A = Network.Add(new ScriptedEngine("a"));
        B = Network.Add(answering ?? new ScriptedEngine("b"));
        Network.Run(TimeSpan.Zero);
        Began = Network.Now;
    }

    public static NetworkModel Exact { get; } = new() { Latency = new ConstantLatency(Latency) };

    public SimulatedNetwork Network { get; }

    public ScriptedEngine A { get; private set; }

    public ScriptedEngine B { get; private set; }

    public DateTimeOffset Began { get; }

    /// <summary>What came of the questions that "a" asked, in the order of their ends: the number, or null, and after how long.</summary>
    public List<(int? Number, TimeSpan After)> Outcomes { get; } = [];

    /// <summary>Has "a" ask "b", or another.</summary>
    public void Ask(int number, string to = "b") => Do("a", engine =>
    {
        var asked = Network.Now;
        engine.Ask(to, number, Timeout, answer => Outcomes.Add((answer?.Number, Network.Now - asked)));
    });

    /// <summary>Has an engine do something at once.</summary>
    public void Do(string name, Action<ScriptedEngine> what)
    {
        Network.Post(name, new Do(what), _ => { });
        Network.Run(TimeSpan.Zero);
    }

    /// <summary>Lets all calls end.</summary>
    public void Finish() => Network.Run(TimeSpan.FromSeconds(10));

    /// <summary>Starts "b" anew.</summary>
    public ScriptedEngine Restart(ScriptedEngine? engine = null)
    {
        Network.Kill("b");
        return B = Network.Add(engine ?? new ScriptedEngine("b"));
    }

    /// <summary>Starts "a" anew.</summary>
    public ScriptedEngine RestartAsker()
    {
        Network.Kill("a");
        return A = Network.Add(new ScriptedEngine("a"));
    }
}
