using P2PCloud.Contracts;
using P2PCloud.Overlays.Chord;
using P2PCloud.Simulation.Scenarios;

namespace P2PCloud.Simulation.Chord;

/// <summary>Looks at the ring after every input that changed a node's routing state, and judges failures before they are injected.</summary>
internal sealed class RingWatch
{
    private readonly SimulatedRing _ring;
    private readonly FindingLog _log;
    private readonly Adoptions _adoptions;

    public RingWatch(SimulatedRing ring, FindingLog log)
    {
        _ring = ring;
        _log = log;
        View = new RingView(ring.Space, ring.Parameters.SuccessorListLength);
        Invariants = new RingInvariants(View, ring.Parameters.CallTimeout);

        // A notify waits for the probe of the predecessor that it is to replace.
        _adoptions = new Adoptions(ring.Space, ring.Parameters.CallTimeout * 2);
        ring.Network.Handled = OnHandled;
    }

    public RingView View { get; }

    public RingInvariants Invariants { get; }

    /// <summary>Starts to check what holds in a ring that has formed. It is ideal now.</summary>
    public void Form()
    {
        _log.Restore();
        Invariants.Form(_ring.Timeline.Now);
    }

    /// <summary>Ends peers at one instant, without a word.</summary>
    public void Crash(IReadOnlyList<SimulatedPeer> peers, bool eraseDisk)
    {
        foreach (var peer in peers)
        {
            _ring.Kill(peer, eraseDisk);
            View.Remove(peer.Id);
            _adoptions.Gone(peer.Id, _ring.Timeline.Now);
        }

        Check();
    }

    /// <summary>Why the proof does not allow these peers to fail now; null when it does. Those that leave may go at any moment as well.</summary>
    public string? WhyIllegal(IEnumerable<SimulatedPeer> peers) =>
        Invariants.WhyIllegal(
            [.. peers.Concat(_ring.Peers.Where(peer => peer.IsLeaving)).Where(peer => peer.IsMember).Select(peer => peer.Id).Distinct()],
            _ring.Timeline.Now);

    /// <summary>
    /// The key of which these peers have the last live copies of an acknowledged write; null when there is none. A copy counts where it is due:
    /// at the node that owns the key without these peers, or on one of its r successors. A node further on may hold one from an older order of
    /// the ring, and does not bring it home before its next comparison.
    /// </summary>
    public string? LastCopies(IReadOnlyCollection<SimulatedPeer> peers, KeyHistory history)
    {
        var left = _ring.Peers.Where(peer => peer.IsMember && !peer.IsLeaving && !peers.Contains(peer)).OrderBy(peer => peer.Id).ToList();
        foreach (var (key, id) in peers.SelectMany(peer => peer.Engine.Records).Select(record => (record.Key, record.Id)).Distinct())
        {
            var last = history.LastAcknowledged(key, TimeSpan.MaxValue, KeyPromise.Quorum)?.Result!.Version;
            var after = left.SkipWhile(peer => peer.Id < id).Concat(left.TakeWhile(peer => peer.Id < id));
            var due = after.Take(_ring.Parameters.SuccessorListLength + 1);
            if (last is not null && !due.Any(peer => peer.Engine.Records.Any(record => record.Key == key && record.Version >= last)))
            {
                return key;
            }
        }

        return null;
    }

    /// <summary>Takes the state of all, also what changes without a new version of the routing state.</summary>
    public void Refresh()
    {
        foreach (var peer in _ring.Peers)
        {
            View.Update(peer.Engine.Snapshot());
        }
    }

    private void OnHandled(NodeRef node)
    {
        if (_ring.Find(node) is { } peer && peer.SeenVersion != peer.Engine.RoutingVersion)
        {
            peer.SeenVersion = peer.Engine.RoutingVersion;
            Look(peer);
        }
    }

    private void Look(SimulatedPeer peer)
    {
        var snapshot = peer.Engine.Snapshot();
        if (snapshot.IsMember && !peer.IsMember)
        {
            peer.MemberSince = _ring.Timeline.Now;
        }
        else if (!snapshot.IsMember && peer.IsMember && Invariants.Formed
            && Invariants.WhyIllegal([peer.Id], _ring.Timeline.Now) is { } reason)
        {
            _log.Assume($"{peer.Name} left although {reason}");
        }

        peer.IsMember = snapshot.IsMember;
        if (snapshot.IsMember)
        {
            CheckStep(peer, snapshot);
        }
        else
        {
            _adoptions.Gone(peer.Id, _ring.Timeline.Now);
        }

        View.Update(snapshot);
        Check();
    }

    private void CheckStep(SimulatedPeer peer, ChordSnapshot snapshot)
    {
        _adoptions.Came(peer.Id);
        foreach (var rule in Invariants.Formed ? _adoptions.Check(View.Find(peer.Id), snapshot, _ring.Timeline.Now) : [])
        {
            _log.Report(peer.Name, rule);
        }
    }

    private void Check()
    {
        foreach (var (node, rule) in Invariants.Check(_ring.Timeline.Now))
        {
            _log.Report(node, rule);
        }
    }
}
