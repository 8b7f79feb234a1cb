using P2PCloud.Contracts;
using P2PCloud.Contracts.Chord;
using P2PCloud.Overlays.Common;

namespace P2PCloud.Simulation;

/// <summary>A name on the network: the machine, which stays, and the engine that runs on it now, if any.</summary>
internal sealed class SimulatedNode(int index, NodeRef self)
{
    private Dictionary<(NodeId Id, string Key), KeyRecord>? _disk;
    private Dictionary<long, Action<object>>? _commands;
    private HashSet<long>? _disarmed;

    public int Index { get; } = index;

    public string Name { get; } = self.Name;

    public NodeRef Self { get; private set; } = self;

    /// <summary>Null while the node does not run.</summary>
    public Engine? Engine { get; private set; }

    /// <summary>Counts the engines that ran under this name: what was meant for an earlier one never reaches a later one.</summary>
    public int Incarnation { get; private set; }

    /// <summary>The engine had its first input: it can be called.</summary>
    public bool Started { get; set; }

    public bool Paused { get; set; }

    /// <summary>Paused, and about to go on.</summary>
    public bool Resuming { get; set; }

    /// <summary>What happened while the node was paused.</summary>
    public Queue<NetworkEvent>? Waiting { get; private set; }

    /// <summary>In ticks.</summary>
    public long Skew { get; set; }

    /// <summary>In ticks.</summary>
    public long Slowness { get; set; }

    public Func<IMessage, IMessage>? Tampering { get; set; }

    /// <summary>The latest time that an engine of this node saw, in ticks.</summary>
    public long Clock { get; private set; }

    /// <summary>What is kept, in the order of ids and keys.</summary>
    public IReadOnlyList<KeyRecord> Disk =>
        _disk is null ? [] : [.. _disk.Values.OrderBy(record => record.Id).ThenBy(record => record.Key, StringComparer.Ordinal)];

    public void Run(Engine engine)
    {
        Engine = engine;
        Self = engine.Self;
        Incarnation++;
    }

    public void Crash()
    {
        Engine = null;
        Incarnation++;
        Started = false;
        Paused = false;
        Resuming = false;
        Waiting = null;
        _commands = null;
        _disarmed = null;
    }

    /// <summary>Lets the node's clock run to what it shows at a time; it never runs backwards.</summary>
    public long ReadClock(long now)
    {
        if (now + Skew > Clock)
        {
            Clock = now + Skew;
        }

        return Clock;
    }

    public void Keep(KeyRecord record) => (_disk ??= [])[(record.Id, record.Key)] = record;

    public void Drop(NodeId id, string key) => _disk?.Remove((id, key));

    public void EraseDisk() => _disk = null;

    public void Expect(long commandId, Action<object> done) => (_commands ??= [])[commandId] = done;

    public bool TryEndCommand(long commandId, out Action<object>? done)
    {
        done = null;
        return _commands is not null && _commands.Remove(commandId, out done);
    }

    public void Disarm(long timerId) => (_disarmed ??= []).Add(timerId);

    /// <summary>Whether a timer that is due was disarmed before; it is forgotten then.</summary>
    public bool WasDisarmed(long timerId) => _disarmed is { Count: > 0 } && _disarmed.Remove(timerId);

    public void Wait(in NetworkEvent what) => (Waiting ??= new Queue<NetworkEvent>()).Enqueue(what);
}
