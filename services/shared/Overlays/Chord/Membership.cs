using P2PCloud.Contracts;
using P2PCloud.Contracts.Chord;
using P2PCloud.Overlays.Boot;
using P2PCloud.Overlays.Common;

namespace P2PCloud.Overlays.Chord;

/// <summary>
/// A node's life in the ring: joining, periodic stabilization, rectify and leaving, as corrected by Zave ("Reasoning about identifier
/// spaces: how to make Chord correct", IEEE TSE 2017).
/// </summary>
internal sealed class Membership
{
    private readonly ChordNode _node;
    private readonly ChordParameters _parameters;
    private readonly BootSession _boot;
    private readonly Joining _joining;
    private readonly Stabilization _stabilization;
    private readonly RingCheck _ringCheck;
    private ChordContact? _lostPredecessor;
    private bool _lostInSilence;
    private DateTimeOffset _predecessorHeard;
    private DateTimeOffset _joinedAt;
    private DateTimeOffset _changedAt;
    private TimeSpan _interval;
    private long _timer;

    public Membership(ChordNode node, BootParameters boot)
    {
        _node = node;
        _parameters = node.Parameters;
        _boot = new BootSession(node, OverlayNames.Chord, node.Self, boot);
        _joining = new Joining(node, _boot, BecomeMember);
        _stabilization = new Stabilization(node);
        _ringCheck = new RingCheck(node, _boot, _joining);
        _interval = _parameters.StabilizeMin;
    }

    /// <summary>A member whose neighbours have stopped changing, or have been changing for long enough to go on all the same.</summary>
    public bool IsSettled => Ring.IsMember
        && (_node.Now - _changedAt >= _parameters.SettleTime || _node.Now - _joinedAt >= _parameters.SettleMax);

    private RingState Ring => _node.Ring;

    /// <summary>Joins, or goes on where the node was placed.</summary>
    public void Start()
    {
        if (!Ring.IsMember)
        {
            _joining.Start();
            return;
        }

        _joinedAt = _changedAt = _predecessorHeard = _node.Now;
        if (_parameters.Repairs)
        {
            _interval = _parameters.StabilizeMax;
            _boot.Joined();
            _node.Members?.Start();
            _ringCheck.Start();
            Schedule();
        }
    }

    /// <summary>Answers about this node's neighbours.</summary>
    public StateReply Tell() => new(
        !Ring.IsMember ? MemberStatus.NotMember : _stabilization.IsAsking ? MemberStatus.Busy : MemberStatus.Member,
        Ring.Self,
        Ring.Predecessor,
        Ring.Successors);

    /// <summary>rectify: a node that has just spoken believes to be this node's predecessor.</summary>
    public void Rectify(ChordContact candidate)
    {
        if (!Ring.IsMember || candidate.Id == Ring.Self.Id)
        {
            return;
        }

        _node.Contacts.Trust(candidate);
        if (Ring.Predecessor is not { } current || Ring.Space.IsBetween(current.Id, candidate.Id, Ring.Self.Id) || current.Id == Ring.Self.Id)
        {
            SetPredecessor(candidate);
        }
        else if (current.Id == candidate.Id)
        {
            Ring.Predecessor = candidate;
            _predecessorHeard = _node.Now;
        }
        else if (!_parameters.Defects.HasFlag(PlantedDefects.AcceptsDeadPredecessor))
        {
            Probe(current, () =>
            {
                PredecessorLost();
                SetPredecessor(candidate);
            });
        }
    }

    /// <summary>See <see cref="Stabilization.OnHint"/>.</summary>
    public void OnHint(ChordContact candidate) => _stabilization.OnHint(candidate);

    /// <summary>The predecessor may be dead: forget it unless it answers a probe.</summary>
    public void DoubtPredecessor()
    {
        if (Ring.Predecessor is { } current && current.Id != Ring.Self.Id)
        {
            Probe(current, () => PredecessorLost());
        }
    }

    /// <summary>The predecessor is dead or gone.</summary>
    /// <param name="silent">It does not answer; false when it has taken its leave.</param>
    public void PredecessorLost(bool silent = true)
    {
        if (Ring.Predecessor is { } lost && lost.Id != Ring.Self.Id)
        {
            _lostInSilence |= silent;
            _node.Members?.Report(lost, joined: false);
            SetPredecessor(null);
        }
    }

    /// <summary>See <see cref="RingCheck.Run"/>.</summary>
    public void CheckRing() => _ringCheck.Run();

    /// <summary>A neighbour says that it leaves: it is passed by as a dead one would be, without waiting for a time-out.</summary>
    public void OnLeave(ChordContact leaving)
    {
        _node.Contacts.Trust(leaving);
        _node.Contacts.Suspect(leaving, _node.Now);
        if (Ring.Predecessor?.Id == leaving.Id)
        {
            PredecessorLost(silent: false);
        }

        if (Ring.Successor.Id == leaving.Id)
        {
            _stabilization.Drop(leaving, silent: false);
        }
        else if (Ring.Remove(leaving, silent: false))
        {
            Changed();
        }

        _node.Fingers.Remove(leaving);
        _node.Owners.Remove(leaving);
        _node.Members?.Report(leaving, joined: false);
    }

    /// <summary>Leaves: tells its neighbours and BOOT. Calls back when they have answered or have not in time.</summary>
    public void Leave(Action done)
    {
        var told = new ChordLeaveRequest(Ring.Self);
        List<ChordContact> neighbours =
        [
            .. new[] { Ring.Predecessor, Ring.Successor, Ring.DistinctPeers(1).FirstOrDefault() }
                .OfType<ChordContact>().Where(contact => contact.Id != Ring.Self.Id).DistinctBy(contact => contact.Id),
        ];
        Ring.IsMember = false;
        _joining.Stop();
        _node.Cancel(_timer);
        var waiting = neighbours.Count + 1;
        Action answered = () =>
        {
            if (--waiting == 0)
            {
                done();
            }
        };
        foreach (var neighbour in neighbours)
        {
            _node.Call(neighbour.Node, told, _parameters.CallTimeout, _ => answered());
        }

        _boot.Leave(answered);
    }

    /// <summary>Something changed: stabilize soon, and copy postings to where they belong now.</summary>
    public void Changed()
    {
        _interval = _parameters.StabilizeMin;
        _changedAt = _node.Now;
        _node.Keeper.RepairSoon();
        _node.KeyRepair.Soon();
        _ringCheck.Changed();
        if (Ring.IsMember)
        {
            Schedule();
        }
    }

    private void BecomeMember()
    {
        Ring.IsMember = true;
        _joinedAt = _changedAt = _predecessorHeard = _node.Now;
        _boot.Joined();
        _node.Arrivals.TakeOver();
        _node.Fingers.Refresh();
        _node.Members?.Start();
        _ringCheck.Start();
        _stabilization.Run();
        Schedule();
    }

    private void Schedule()
    {
        _node.Cancel(_timer);
        _timer = _node.After(_node.Random.NextAround(_interval, _parameters.StabilizeJitter), () =>
        {
            _interval = _interval * 2 < _parameters.StabilizeMax ? _interval * 2 : _parameters.StabilizeMax;
            _stabilization.Run();
            CheckPredecessor();
            _node.Fingers.Tick();
            Schedule();
        });
    }

    private void CheckPredecessor()
    {
        if (_parameters.Defects.HasFlag(PlantedDefects.AcceptsDeadPredecessor))
        {
            return;
        }

        if (_node.Now - _predecessorHeard > _parameters.StabilizeMax * 2)
        {
            _predecessorHeard = _node.Now;
            DoubtPredecessor();
        }
    }

    /// <summary>A node that has started again and not joined yet is as dead as one that does not answer.</summary>
    private void Probe(ChordContact contact, Action dead) =>
        _node.Call(contact.Node, new StateRequest(), _parameters.CallTimeout, reply =>
        {
            if ((reply is null || reply.Status is MemberStatus.NotMember) && Ring.IsMember && Ring.Predecessor?.Id == contact.Id)
            {
                _node.Forget(contact);
                dead();
            }
        });

    private void SetPredecessor(ChordContact? predecessor)
    {
        var old = Ring.Predecessor;
        Ring.Predecessor = predecessor;
        if (predecessor is not null && predecessor.Id != Ring.Self.Id && predecessor.Id != old?.Id)
        {
            _node.Members?.Report(predecessor, joined: true);
        }

        if (predecessor is not null && old is not null && Ring.Space.IsBetween(old.Id, predecessor.Id, Ring.Self.Id))
        {
            if (old.Id != Ring.Self.Id)
            {
                _node.Call(old.Node, new NewPredecessorRequest(predecessor), _parameters.CallTimeout, _ => { });
            }

            _node.Keeper.GiveAway(old.Id, predecessor.Id);
            _node.KeyRepair.GiveAway(old.Id, predecessor.Id);
        }

        if (predecessor is null)
        {
            _lostPredecessor ??= old;
        }
        else
        {
            if (_lostPredecessor is { } lost && predecessor.Id != Ring.Self.Id && Ring.Space.IsBetween(predecessor.Id, lost.Id, Ring.Self.Id))
            {
                _node.Arrivals.Inherit(predecessor.Id, lost.Id, _lostInSilence);
            }

            _lostPredecessor = null;
            _lostInSilence = false;
        }

        _predecessorHeard = _node.Now;
        Changed();
    }
}
