using P2PCloud.Contracts;
using P2PCloud.Contracts.Chord;
using P2PCloud.Overlays.Boot;
using P2PCloud.Overlays.Common;

namespace P2PCloud.Overlays.Chord;

/// <summary>
/// Finds out whether this node is where it belongs in the ring that others see. A network that was cut in two goes on as two rings, which
/// stabilization alone never joins: so each node asks, now and then, a node that BOOT names or that it has lost from sight, who is next
/// to it over there. A nearer node is a hint as every other: asked first, and followed from node to node until one ring is left.
/// </summary>
internal sealed class RingCheck(ChordNode node, BootSession boot, Joining joining)
{
    private const int Samples = 2;
    private const double Jitter = 0.5;

    private bool _isRunning;
    private bool _isSoon;
    private long _timer;

    private RingState Ring => node.Ring;

    /// <summary>A ring of the virtual nodes of one peer is that of a peer that is cut off, or the first one.</summary>
    private bool MayBeCutOff => Ring.IsMinority || !Ring.DistinctPeers(1).Any();

    /// <summary>Begins to check periodically.</summary>
    public void Start()
    {
        _isRunning = true;
        Later();
    }

    /// <summary>The ring has changed: a node that may be cut off now does not wait as long as others.</summary>
    public void Changed()
    {
        if (_isRunning && !_isSoon && MayBeCutOff)
        {
            Later();
        }
    }

    /// <summary>Checks now; a node without any successor that finds nobody else is alone.</summary>
    public void Run() => boot.Check(Samples, Ring.Missing, (nodes, live) =>
    {
        if (live is not null)
        {
            Ring.KeepMissing(live);
        }

        List<NodeRef> contacts = [.. nodes, .. node.Random.Sample(node.Contacts.Lost.Except(nodes), Samples)];
        Through(new Queue<NodeRef>(contacts));
    });

    private void Later()
    {
        node.Cancel(_timer);
        _isSoon = MayBeCutOff;
        var interval = node.Parameters.RingCheckInterval / (_isSoon ? 10 : 1);
        _timer = node.After(node.Random.NextAround(interval, Jitter), () =>
        {
            if (Ring.IsMember)
            {
                Run();
                Later();
            }
        });
    }

    private void Through(Queue<NodeRef> contacts)
    {
        if (!Ring.IsMember)
        {
            return;
        }

        if (!contacts.TryDequeue(out var contact))
        {
            if (Ring.IsAlone)
            {
                Ring.Predecessor ??= Ring.Self;
            }

            return;
        }

        joining.FindPredecessor(node.Contacts.Of(contact), node.Parameters.HopLimit, (predecessor, successor) =>
        {
            if (predecessor is not null && successor is not null)
            {
                Compare(predecessor, successor);
            }

            Through(contacts);
        });
    }

    private void Compare(ChordContact predecessor, ChordContact successor)
    {
        if (successor.Id == Ring.Self.Id || !Ring.IsMember)
        {
            if (Ring.IsAlone && Ring.IsMember && predecessor.Id != Ring.Self.Id)
            {
                node.Membership.OnHint(predecessor);
            }

            return;
        }

        node.Contacts.Trust(predecessor);
        node.Membership.OnHint(successor);
        if (Ring.Predecessor is not { } mine || Ring.Space.IsBetween(mine.Id, predecessor.Id, Ring.Self.Id) || mine.Id == Ring.Self.Id)
        {
            node.Call(predecessor.Node, new NewPredecessorRequest(Ring.Self), node.Parameters.CallTimeout, _ => { });
        }
    }
}
