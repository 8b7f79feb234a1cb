using P2PCloud.Contracts;
using P2PCloud.Contracts.Chord;
using P2PCloud.Overlays.Common;

namespace P2PCloud.Simulation;

/// <summary>
/// What can go wrong with nodes and between them. Skew, slowness, tampering, cuts and the disk belong to the name, and outlast a crash;
/// a pause does not.
/// </summary>
public sealed partial class SimulatedNetwork
{
    /// <summary>Stops a node without a word: its calls, timers and commands vanish, its disk stays. Nothing happens when it does not run.</summary>
    public void Kill(string name)
    {
        if (_nodes.TryFind(name, out var node) && node.Engine is not null)
        {
            node.Crash();
            _nodes.RunningChanged();
            _log.Add(_now, EventKind.Kill, node);
        }
    }

    /// <summary>
    /// Lets a node handle nothing until <see cref="Resume"/>: what happens to it meanwhile waits, in order, while others see their calls
    /// time out. Nothing happens when it does not run.
    /// </summary>
    public void Pause(string name)
    {
        if (_nodes.TryFind(name, out var node) && node.Engine is not null)
        {
            node.Paused = true;
            node.Resuming = false;
            _log.Add(_now, EventKind.Pause, node);
        }
    }

    /// <summary>Lets a paused node handle what waited, at the present time, and go on. Nothing happens when it is not paused.</summary>
    public void Resume(string name)
    {
        if (_nodes.TryFind(name, out var node) && node.Paused)
        {
            node.Resuming = true;
            Schedule(0, EventKind.Resume, node, id: 0, body: null);
        }
    }

    /// <summary>Sets how much a node's clock is ahead of virtual time, or behind it; a clock that is set back stands still until it is right.</summary>
    public void SetClockSkew(string name, TimeSpan skew) => _nodes.Of(name).Skew = skew.Ticks;

    /// <summary>Sets the extra delay of every message that is sent from now on to the node or by it.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The delay is negative.</exception>
    public void SetSlowness(string name, TimeSpan extra)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(extra, TimeSpan.Zero);
        _nodes.Of(name).Slowness = extra.Ticks;
    }

    /// <summary>Changes every reply of a node before it is sent (Byzantine answers); null: no longer.</summary>
    public void SetTampering(string name, Func<IMessage, IMessage>? tamper) => _nodes.Of(name).Tampering = tamper;

    /// <summary>
    /// Loses all that is sent from now on from one group of nodes to another, requests and replies each by their direction. What is under
    /// way arrives. Names outside the groups are not concerned, those that are added later neither.
    /// </summary>
    public void Cut(IReadOnlySet<string> from, IReadOnlySet<string> to)
    {
        ArgumentNullException.ThrowIfNull(from);
        ArgumentNullException.ThrowIfNull(to);
        _partitions.Cut(from.Select(name => _nodes.Of(name).Index), to.Select(name => _nodes.Of(name).Index));
    }

    /// <summary>Cuts two groups of nodes off from each other, both ways.</summary>
    public void Partition(IReadOnlySet<string> groupA, IReadOnlySet<string> groupB)
    {
        Cut(groupA, groupB);
        Cut(groupB, groupA);
    }

    /// <summary>Ends all cuts.</summary>
    public void Heal() => _partitions.Heal();

    /// <summary>What a node's engines had kept (<see cref="Effect.Keep"/>) and not dropped, in the order of ids and keys; empty for an unknown name.</summary>
    public IReadOnlyList<KeyRecord> DiskOf(string name) => _nodes.TryFind(name, out var node) ? node.Disk : [];

    /// <summary>Loses all that a node kept.</summary>
    public void EraseDisk(string name)
    {
        if (_nodes.TryFind(name, out var node))
        {
            node.EraseDisk();
        }
    }
}
