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
    private const int SamplesOfMinority = 6;
    private const double Jitter = 0.5;

    private readonly HashSet<string> _confirmedBy = new(StringComparer.Ordinal);
    private long _confirmedVersion;
    private bool _isRunning;
    private bool _isSoon;
    private long _timer;

    private RingState Ring => node.Ring;

    /// <summary>A ring of the virtual nodes of one peer is that of a peer that is cut off, or the first one.</summary>
    private bool MayBeCutOff => Ring.Missing.AreOrWereMost || !Ring.DistinctPeers(1).Any();

    /// <summary>Begins to check periodically.</summary>
    public void Start()
    {
        _isRunning = true;
        Later();
    }

    /// <summary>
    /// The ring has changed. Nodes that others took out of their lists are asked whether they are there. A node that may be cut off now does not
    /// wait as long as others.
    /// </summary>
    public void Changed()
    {
        foreach (var vanished in Ring.Missing.TakeVanished())
        {
            node.Call(vanished.Node, new StateRequest(), node.Parameters.CallTimeout, reply =>
            {
                if (reply is null)
                {
                    Ring.Missing.Lose(vanished);
                    Hurry();
                }
                else
                {
                    Ring.Missing.Answer(vanished);
                }
            });
        }

        Hurry();
    }

    /// <summary>Checks now; a node without any successor that finds nobody else is alone.</summary>
    public void Run()
    {
        var missing = Ring.Missing.Nodes;
        boot.Check(Ring.Missing.AreOrWereMost ? SamplesOfMinority : Samples, missing, (nodes, live) =>
        {
            if (live is not null)
            {
                Ring.Missing.Remove(missing.Where(other => !live.Contains(other.Name)));
            }

            List<NodeRef> contacts = [.. nodes, .. node.Random.Sample(node.Contacts.Lost.Except(nodes), Samples)];
            Through(new Queue<NodeRef>(contacts));
        });
    }

    private void Hurry()
    {
        if (_isRunning && !_isSoon && MayBeCutOff && Ring.IsMember)
        {
            Later();
        }
    }

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
                if (Ring.Missing.AreOrWereMost && predecessor.Id == Ring.Predecessor?.Id && successor.Id == Ring.Self.Id)
                {
                    Confirm(contact.App, predecessor);
                }
            }

            Through(contacts);
        });
    }

    /// <summary>
    /// A peer finds this node where the node believes to be. When most of the peers that it knew do, and it sees most, it is no longer cut off. What was
    /// written meanwhile is fetched before anything is answered.
    /// </summary>
    private void Confirm(string peer, ChordContact predecessor)
    {
        if (_confirmedVersion != Ring.Version)
        {
            _confirmedBy.Clear();
            _confirmedVersion = Ring.Version;
        }

        _confirmedBy.Add(peer);
        if (!Ring.Missing.AreMost && _confirmedBy.Append(Ring.Self.Node.App).Distinct().Count() * 2 > Ring.Missing.PeersKnown)
        {
            node.Arrivals.Inherit(predecessor.Id, Ring.Self.Id, silent: false);
            Ring.Missing.Clear();
        }
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
