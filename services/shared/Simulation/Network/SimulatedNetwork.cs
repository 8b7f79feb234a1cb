using P2PCloud.Contracts;
using P2PCloud.Overlays.Common;

namespace P2PCloud.Simulation;

/// <summary>
/// Engines on a simulated network, in virtual time, on one thread, from a seed: the same seed gives the same run, event by event.
/// What messages meet is said by the <see cref="NetworkModel"/>; nodes can be added, killed, paused, cut off and asked at any time.
/// Events at equal times happen in the order in which they were scheduled.
/// </summary>
public sealed partial class SimulatedNetwork
{
    private readonly NodeTable _nodes = new();
    private readonly EventQueue _events = new();
    private readonly CallTable _calls = new();
    private readonly EventLog _log = new();
    private readonly Partitions _partitions = new();
    private readonly Delays _delays;
    private readonly SplitMix64 _random;
    private NetworkModel _model;
    private long _now = DateTimeOffset.UnixEpoch.Ticks;
    private long _lastCommand;

    /// <summary>An empty network at time zero, whose messages take a uniform latency and meet no faults.</summary>
    /// <param name="seed">Of the latencies; each engine brings its own random source.</param>
    /// <param name="latencyMin">Shortest one-way latency, default 1 ms.</param>
    /// <param name="latencyMax">Longest one-way latency, default 5 ms.</param>
    public SimulatedNetwork(ulong seed, TimeSpan? latencyMin = null, TimeSpan? latencyMax = null)
        : this(seed, new NetworkModel
        {
            Latency = new UniformLatency(latencyMin ?? TimeSpan.FromMilliseconds(1), latencyMax ?? TimeSpan.FromMilliseconds(5)),
        })
    {
    }

    /// <summary>An empty network at time zero.</summary>
    /// <param name="seed">Of all chance in the network; each engine brings its own random source.</param>
    /// <param name="model">What messages meet.</param>
    /// <exception cref="ArgumentOutOfRangeException">The model has a probability outside 0 to 1, or a negative delay.</exception>
    public SimulatedNetwork(ulong seed, NetworkModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        _random = new SplitMix64(seed);
        _model = model.Checked();
        _delays = new Delays(_events, IsOver);
    }

    /// <summary>What messages meet. A new model counts for what is sent from now on.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A probability outside 0 to 1, or a negative delay.</exception>
    public NetworkModel Model
    {
        get => _model;
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            _model = value.Checked();
        }
    }

    /// <summary>Virtual time.</summary>
    public DateTimeOffset Now => new(_now, TimeSpan.Zero);

    /// <summary>Requests put on the network so far, replies and copies not counted.</summary>
    public long RequestsSent { get; private set; }

    /// <summary>Requests and replies that reached an engine so far.</summary>
    public long MessagesDelivered { get; private set; }

    /// <summary>Inputs given to engines so far.</summary>
    public long EventsHandled { get; private set; }

    /// <summary>
    /// Hash of every event so far: its virtual time, what it was, the node, the id and the type of the message. Equal runs have equal
    /// hashes, on every machine.
    /// </summary>
    public ulong EventLogHash => _log.Hash;

    /// <summary>Called with a line for each event, to follow a replay.</summary>
    public Action<string>? Logging
    {
        get => _log.Writing;
        set => _log.Writing = value;
    }

    /// <summary>Called with sender, receiver and request, when a request is sent.</summary>
    public Action<NodeRef, NodeRef, IMessage>? Sending { get; set; }

    /// <summary>Called with the answering node, the caller, the request and the reply, when a reply is sent to a request sent since this was set.</summary>
    public Action<NodeRef, NodeRef, IMessage, IMessage>? Replying { get; set; }

    /// <summary>Called with node and effect, for each effect of each input.</summary>
    public Action<NodeRef, Effect>? Observing { get; set; }

    /// <summary>Called with the node after each input, when its effects have been carried out: the time to check invariants.</summary>
    public Action<NodeRef>? Handled { get; set; }

    /// <summary>Names of the nodes that run, in ordinal order; a list of its own, which later additions and kills do not change.</summary>
    public IEnumerable<string> Names => _nodes.Running;

    /// <summary>
    /// Adds a node, which gets its first input after <paramref name="delay"/>; until then it can be given commands, but others cannot
    /// reach it. A node that was killed may be added again: nothing that was meant for the old engine reaches the new one, except requests
    /// that are under way to its name.
    /// </summary>
    /// <exception cref="ArgumentException">A node of that name runs.</exception>
    public TEngine Add<TEngine>(TEngine engine, TimeSpan delay = default)
        where TEngine : Engine
    {
        ArgumentNullException.ThrowIfNull(engine);
        var node = _nodes.Of(engine.Self);
        if (node.Engine is not null)
        {
            throw new ArgumentException($"{node.Name} runs already.", nameof(engine));
        }

        node.Run(engine);
        _nodes.RunningChanged();
        _log.Add(_now, EventKind.Add, node);
        Schedule(delay.Ticks, EventKind.Start, node, id: 0, body: null);
        return engine;
    }

    /// <summary>Gives a command to a node and runs until it is answered.</summary>
    /// <exception cref="KeyNotFoundException">No node of that name runs.</exception>
    /// <exception cref="TimeoutException">Not answered within the limit of virtual time, default 1 minute.</exception>
    public TResult Ask<TResult>(string name, ICommand<TResult> command, TimeSpan? limit = null)
        where TResult : class
    {
        TResult? result = null;
        Post(name, command, answer => result = answer);
        return RunUntil(() => result is not null, limit ?? TimeSpan.FromMinutes(1))
            ? result!
            : throw new TimeoutException($"{name} did not answer {command}.");
    }

    /// <summary>Gives a command to a node; <paramref name="done"/> is called with the answer when the network runs.</summary>
    /// <exception cref="KeyNotFoundException">No node of that name runs.</exception>
    public void Post<TResult>(string name, ICommand<TResult> command, Action<TResult> done)
        where TResult : class
    {
        if (!_nodes.TryFind(name, out var node) || node.Engine is null)
        {
            throw new KeyNotFoundException($"{name} does not run.");
        }

        var id = ++_lastCommand;
        node.Expect(id, answer => done((TResult)answer));
        Schedule(0, EventKind.Command, node, id, command);
    }

    /// <summary>Lets virtual time pass.</summary>
    public void Run(TimeSpan duration)
    {
        var end = _now + duration.Ticks;
        while (_events.NextTime <= end)
        {
            Step();
        }

        _now = end;
    }

    /// <summary>Lets virtual time pass until the condition holds.</summary>
    /// <returns>Whether it held within the limit.</returns>
    public bool RunUntil(Func<bool> condition, TimeSpan limit)
    {
        ArgumentNullException.ThrowIfNull(condition);
        var end = _now + limit.Ticks;
        while (!condition())
        {
            if (_events.NextTime > end)
            {
                return false;
            }

            Step();
        }

        return true;
    }

    private void Schedule(long delay, EventKind kind, SimulatedNode node, long id, object? body) => _events.Push(_now + delay, new NetworkEvent
    {
        Kind = kind,
        Node = node.Index,
        Other = node.Incarnation,
        Id = id,
        Body = body,
    });
}
