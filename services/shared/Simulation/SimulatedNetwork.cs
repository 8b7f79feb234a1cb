using P2PCloud.Contracts;
using P2PCloud.Overlays.Common;

namespace P2PCloud.Simulation;

/// <summary>
/// Engines on a network without faults of its own, in virtual time, on one thread, from a seed: every message takes a random latency
/// within bounds, and the same seed gives the same run. Nodes can be added, killed and asked at any time.
/// </summary>
public sealed class SimulatedNetwork
{
    private readonly PriorityQueue<Action, (DateTimeOffset Time, long Order)> _events = new();
    private readonly SortedDictionary<string, Node> _nodes = new(StringComparer.Ordinal);
    private readonly Dictionary<long, (Node Asker, long CallId)> _requests = [];
    private readonly SplitMix64 _random;
    private readonly TimeSpan _latencyMin;
    private readonly TimeSpan _latencyMax;
    private long _lastOrder;
    private long _lastId;

    /// <summary>An empty network at time zero.</summary>
    /// <param name="seed">Of the latencies; each engine brings its own random source.</param>
    /// <param name="latencyMin">Shortest one-way latency, default 1 ms.</param>
    /// <param name="latencyMax">Longest one-way latency, default 5 ms.</param>
    public SimulatedNetwork(ulong seed, TimeSpan? latencyMin = null, TimeSpan? latencyMax = null)
    {
        _random = new SplitMix64(seed);
        _latencyMin = latencyMin ?? TimeSpan.FromMilliseconds(1);
        _latencyMax = latencyMax ?? TimeSpan.FromMilliseconds(5);
    }

    /// <summary>Virtual time.</summary>
    public DateTimeOffset Now { get; private set; } = DateTimeOffset.UnixEpoch;

    /// <summary>Requests put on the network so far, replies not counted.</summary>
    public long RequestsSent { get; private set; }

    /// <summary>Called with sender, receiver and request, when a request is sent.</summary>
    public Action<NodeRef, NodeRef, IMessage>? Sending { get; set; }

    /// <summary>Called with node and effect, for each effect of each input.</summary>
    public Action<NodeRef, Effect>? Observing { get; set; }

    /// <summary>Names of the nodes that run, in ordinal order.</summary>
    public IEnumerable<string> Names => _nodes.Keys;

    /// <summary>Adds a node, which gets its first input after <paramref name="delay"/>.</summary>
    public TEngine Add<TEngine>(TEngine engine, TimeSpan delay = default)
        where TEngine : Engine
    {
        var node = new Node(engine);
        _nodes.Add(engine.Self.Name, node);
        Schedule(delay, () => Feed(node, new Input.Start()));
        return engine;
    }

    /// <summary>Stops a node without a word: requests to it, and its own timers and replies, are lost.</summary>
    public void Kill(string name)
    {
        if (_nodes.Remove(name, out var node))
        {
            node.Alive = false;
        }
    }

    /// <summary>Gives a command to a node and runs until it is answered.</summary>
    /// <exception cref="TimeoutException">Not answered within the limit of virtual time.</exception>
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
    public void Post<TResult>(string name, ICommand<TResult> command, Action<TResult> done)
        where TResult : class
    {
        var node = _nodes[name];
        var id = ++_lastId;
        node.Commands[id] = answer => done((TResult)answer);
        Schedule(TimeSpan.Zero, () => Feed(node, new Input.Command(id, command)));
    }

    /// <summary>Lets virtual time pass.</summary>
    public void Run(TimeSpan duration)
    {
        var end = Now + duration;
        while (_events.TryPeek(out _, out var next) && next.Time <= end)
        {
            Step();
        }

        Now = end;
    }

    /// <summary>Lets virtual time pass until the condition holds.</summary>
    /// <returns>Whether it held within the limit.</returns>
    public bool RunUntil(Func<bool> condition, TimeSpan limit)
    {
        var end = Now + limit;
        while (!condition())
        {
            if (!_events.TryPeek(out _, out var next) || next.Time > end)
            {
                return false;
            }

            Step();
        }

        return true;
    }

    private void Step()
    {
        _events.TryDequeue(out var action, out var due);
        Now = due.Time;
        action!();
    }

    private void Schedule(TimeSpan delay, Action action) => _events.Enqueue(action, (Now + delay, ++_lastOrder));

    private void Feed(Node node, Input input)
    {
        if (!node.Alive)
        {
            return;
        }

        var effects = new List<Effect>();
        node.Engine.Handle(input, Now, effects);
        foreach (var effect in effects)
        {
            Observing?.Invoke(node.Engine.Self, effect);
            Carry(node, effect);
        }
    }

    private void Carry(Node node, Effect effect)
    {
        switch (effect)
        {
            case Effect.Send send:
                Send(node, send);
                break;
            case Effect.Respond respond:
                if (_requests.Remove(respond.RequestId, out var asked))
                {
                    Schedule(Latency(), () => End(asked.Asker, asked.CallId, new Input.Reply(asked.CallId, respond.Body)));
                }

                break;
            case Effect.Arm arm:
                Schedule(arm.After, () => Feed(node, new Input.Due(arm.TimerId)));
                break;
            case Effect.Complete complete:
                if (node.Commands.Remove(complete.CommandId, out var done))
                {
                    done(complete.Result);
                }

                break;
            default:
                break;
        }
    }

    private void Send(Node node, Effect.Send send)
    {
        RequestsSent++;
        Sending?.Invoke(node.Engine.Self, send.To, send.Body);
        node.Calls.Add(send.CallId);
        Schedule(send.Timeout, () => End(node, send.CallId, new Input.Failed(send.CallId)));
        var sentAt = Now;
        Schedule(Latency(), () =>
        {
            if (!_nodes.TryGetValue(send.To.Name, out var target))
            {
                Schedule(Latency(), () => End(node, send.CallId, new Input.Failed(send.CallId)));
                return;
            }

            var requestId = ++_lastId;
            _requests[requestId] = (node, send.CallId);
            Feed(target, new Input.Request(requestId, node.Engine.Self, sentAt, send.Body));
        });
    }

    private void End(Node node, long callId, Input outcome)
    {
        if (node.Calls.Remove(callId))
        {
            Feed(node, outcome);
        }
    }

    private TimeSpan Latency() => _latencyMin + ((_latencyMax - _latencyMin) * _random.NextUnit());

    private sealed class Node(Engine engine)
    {
        public Engine Engine { get; } = engine;

        public bool Alive { get; set; } = true;

        public HashSet<long> Calls { get; } = [];

        public Dictionary<long, Action<object>> Commands { get; } = [];
    }
}
