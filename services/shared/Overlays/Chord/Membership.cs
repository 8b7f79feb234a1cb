using P2PCloud.Contracts;
using P2PCloud.Contracts.Chord;
using P2PCloud.Overlays.Boot;
using P2PCloud.Overlays.Common;

namespace P2PCloud.Overlays.Chord;

/// <summary>
/// Join, stabilize, rectify and leave as corrected by Zave ("Reasoning about identifier spaces: how to make Chord correct", IEEE TSE
/// 2017): a joining node takes its predecessor's whole list, no pointer is adopted from a node that has not just answered, and a node
/// does not tell its state between its own question and the answer.
/// </summary>
internal sealed class Membership
{
    private const int Contacts = 8;
    private const double StabilizeJitter = 0.2;
    private const double RetryJitter = 0.5;

    private readonly ChordNode _node;
    private readonly ChordParameters _parameters;
    private readonly BootSession _boot;
    private DateTimeOffset _predecessorHeard;
    private TimeSpan _interval;
    private long _timer;
    private ChordContact? _hint;
    private bool _asking;
    private bool _left;

    public Membership(ChordNode node, BootParameters boot)
    {
        _node = node;
        _parameters = node.Parameters;
        _boot = new BootSession(node, OverlayNames.Chord, node.Self, boot);
        _interval = _parameters.StabilizeMin;
    }

    private RingState Ring => _node.Ring;

    public void Start() => Join();

    /// <summary>Answers about this node's neighbours.</summary>
    public StateReply Tell() => new(
        !Ring.IsMember ? MemberStatus.NotMember : _asking ? MemberStatus.Busy : MemberStatus.Member,
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

        if (Ring.Predecessor is not { } current || Ring.Space.IsBetween(current.Id, candidate.Id, Ring.Self.Id) || current.Id == Ring.Self.Id)
        {
            SetPredecessor(candidate);
        }
        else if (current.Id == candidate.Id)
        {
            Ring.Predecessor = candidate;
            _predecessorHeard = _node.Now;
        }
        else
        {
            Probe(current, () => SetPredecessor(candidate));
        }
    }

    /// <summary>
    /// Somebody says that a node is between this one and its successor. Asked now, so that nodes that join at one place in numbers find
    /// their order at the speed of messages, not one at each interval.
    /// </summary>
    public void OnHint(ChordContact candidate)
    {
        if (Ring.IsMember && Ring.Space.IsBetween(Ring.Self.Id, candidate.Id, (_hint ?? Ring.Successor).Id)
            && !_node.Contacts.IsSuspect(candidate, _node.Now))
        {
            _hint = candidate;
            FollowHint();
        }
    }

    /// <summary>A lookup or store found the predecessor silent: forget it unless it answers a probe.</summary>
    public void DoubtPredecessor()
    {
        if (Ring.Predecessor is { } current && current.Id != Ring.Self.Id)
        {
            Probe(current, () => SetPredecessor(Ring.IsAlone ? Ring.Self : null));
        }
    }

    /// <summary>A neighbour says that it leaves.</summary>
    public void OnLeave(ChordLeaveRequest leave)
    {
        if (Ring.Predecessor?.Id == leave.Leaving.Id)
        {
            SetPredecessor(null);
        }

        if (Ring.Successors.Any(contact => contact.Id == leave.Leaving.Id))
        {
            List<ChordContact> known = [.. Ring.Successors, .. _node.Contacts.Accepted(leave.Successors)];
            List<ChordContact> rest =
            [
                .. known.Where(contact => contact.Id != leave.Leaving.Id)
                    .DistinctBy(contact => contact.Id)
                    .OrderBy(contact => Ring.Space.Distance(Ring.Self.Id, contact.Id)),
            ];
            if (rest.Count > 0)
            {
                Ring.Follow(rest[0], rest.Skip(1));
            }
            else
            {
                Ring.Remove(leave.Leaving);
            }

            Changed();
        }

        _node.Fingers.Remove(leave.Leaving);
    }

    /// <summary>Leaves: tells both neighbours, and BOOT. Calls back when they have answered or have not in time.</summary>
    public void Leave(Action done)
    {
        var told = new ChordLeaveRequest(Ring.Self, Ring.Predecessor, Ring.Successors);
        List<ChordContact> neighbours =
        [
            .. new[] { Ring.Predecessor, Ring.Successor, Ring.DistinctPeers(1).FirstOrDefault() }
                .OfType<ChordContact>().Where(contact => contact.Id != Ring.Self.Id).DistinctBy(contact => contact.Id),
        ];
        _left = true;
        Ring.IsMember = false;
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
        _node.Keeper.RepairSoon();
        if (Ring.IsMember)
        {
            Schedule();
        }
    }

    private void Join()
    {
        if (!_left)
        {
            _boot.Join(Contacts, reply =>
            {
                if (reply.Creator)
                {
                    Ring.Predecessor = Ring.Self;
                    BecomeMember();
                }
                else
                {
                    JoinThrough(new Queue<NodeRef>(reply.Contacts));
                }
            });
        }
    }

    private void JoinThrough(Queue<NodeRef> contacts)
    {
        if (!contacts.TryDequeue(out var contact))
        {
            _node.After(_node.Random.NextAround(_parameters.RetryDelay, RetryJitter), Join);
            return;
        }

        FindPredecessor(_node.Contacts.Of(contact), _parameters.HopLimit, predecessor =>
        {
            if (predecessor is null)
            {
                JoinThrough(contacts);
            }
            else
            {
                JoinAfter(predecessor, () => JoinThrough(contacts));
            }
        });
    }

    /// <summary>Walks to the member after which this node belongs.</summary>
    private void FindPredecessor(ChordContact at, int steps, Action<ChordContact?> done) =>
        _node.Call(at.Node, new NextHopRequest("", Ring.Self.Id, 0), _parameters.CallTimeout, reply =>
        {
            var candidates = _node.Contacts.Accepted(reply?.Candidates ?? []);
            if (_left || steps == 0 || candidates.Count == 0)
            {
                done(null);
            }
            else if (reply!.Final)
            {
                done(at);
            }
            else
            {
                FindPredecessor(candidates[0], steps - 1, done);
            }
        });

    /// <summary>join(j) with m = predecessor: takes m's whole list while between(m, j, m's successor) holds.</summary>
    private void JoinAfter(ChordContact predecessor, Action failed) =>
        _node.Call(predecessor.Node, new StateRequest(), _parameters.CallTimeout, reply =>
        {
            if (_left)
            {
                return;
            }

            var successors = _node.Contacts.Accepted(reply?.Successors ?? []);
            var next = successors.Count > 0 ? successors[0] : predecessor;
            if (reply?.Status is MemberStatus.Busy)
            {
                _node.After(_node.Random.NextAround(_parameters.RetryDelay / 5, RetryJitter), () => JoinAfter(predecessor, failed));
            }
            else if (reply?.Status is MemberStatus.Member && Ring.Space.IsBetween(predecessor.Id, Ring.Self.Id, next.Id))
            {
                Ring.Follow(next, [.. successors.Skip(1), predecessor]);
                Ring.Predecessor = predecessor;
                BecomeMember();
            }
            else
            {
                failed();
            }
        });

    private void BecomeMember()
    {
        Ring.IsMember = true;
        _predecessorHeard = _node.Now;
        _boot.Joined();
        _node.Keeper.TakeOver();
        _node.Fingers.Refresh();
        Stabilize();
        Schedule();
    }

    private void Schedule()
    {
        _node.Cancel(_timer);
        _timer = _node.After(_node.Random.NextAround(_interval, StabilizeJitter), () =>
        {
            _interval = _interval * 2 < _parameters.StabilizeMax ? _interval * 2 : _parameters.StabilizeMax;
            Stabilize();
            CheckPredecessor();
            _node.Fingers.Tick();
            Schedule();
        });
    }

    private void Stabilize()
    {
        if (!Ring.IsMember || _asking)
        {
            return;
        }

        if (!Ring.IsAlone)
        {
            StabilizeFromSuccessor();
        }
        else if (Ring.Predecessor is { } predecessor && predecessor.Id != Ring.Self.Id)
        {
            StabilizeFromPredecessor(predecessor);
        }
    }

    private void StabilizeFromSuccessor()
    {
        var successor = Ring.Successor;
        Ask(successor, reply =>
        {
            if (reply is null or { Status: MemberStatus.NotMember })
            {
                DropSuccessor(successor, silent: reply is null);
                return;
            }

            if (reply.Status is MemberStatus.Busy)
            {
                _node.After(_node.Random.NextAround(_parameters.RetryDelay / 5, RetryJitter), Stabilize);
                return;
            }

            if (Ring.Follow(successor, _node.Contacts.Accepted(reply.Successors)))
            {
                Changed();
            }

            if (_node.Contacts.Accepts(reply.Predecessor) && Ring.Space.IsBetween(Ring.Self.Id, reply.Predecessor!.Id, successor.Id)
                && !_node.Contacts.IsSuspect(reply.Predecessor, _node.Now))
            {
                StabilizeFromPredecessor(reply.Predecessor);
            }
            else
            {
                Notify(successor);
            }
        });
    }

    private void StabilizeFromPredecessor(ChordContact candidate) => Ask(candidate, reply =>
    {
        if (reply?.Status is MemberStatus.Member && (Ring.IsAlone || Ring.Space.IsBetween(Ring.Self.Id, candidate.Id, Ring.Successor.Id)))
        {
            Ring.Follow(candidate, _node.Contacts.Accepted(reply.Successors));
            Notify(candidate);
            _node.Keeper.TakeOver();
            Changed();
            if (_node.Contacts.Accepts(reply.Predecessor))
            {
                OnHint(reply.Predecessor!);
            }

            return;
        }

        if (reply is null)
        {
            _node.Contacts.Suspect(candidate, _node.Now);
            if (Ring.IsAlone)
            {
                DoubtPredecessor();
            }
        }

        if (!Ring.IsAlone)
        {
            Notify(Ring.Successor);
        }
    });

    /// <summary>The next of the list takes the place of a dead successor; without any, the node asks BOOT for a way back into the ring.</summary>
    private void DropSuccessor(ChordContact successor, bool silent)
    {
        if (silent)
        {
            _node.Contacts.Suspect(successor, _node.Now);
        }

        Ring.Remove(successor);
        _node.Fingers.Remove(successor);
        Changed();
        if (!Ring.IsAlone)
        {
            Stabilize();
            return;
        }

        if (Ring.Predecessor?.Id == successor.Id)
        {
            Ring.Predecessor = null;
        }

        _boot.Sample(Contacts, [], nodes => Rejoin(new Queue<NodeRef>(nodes)));
    }

    private void Rejoin(Queue<NodeRef> nodes)
    {
        if (!Ring.IsMember || !Ring.IsAlone)
        {
            return;
        }

        if (!nodes.TryDequeue(out var node))
        {
            Ring.Predecessor ??= Ring.Self;
            return;
        }

        FindPredecessor(_node.Contacts.Of(node), _parameters.HopLimit, predecessor =>
        {
            if (predecessor is null || !Ring.IsAlone)
            {
                Rejoin(nodes);
            }
            else
            {
                Ring.Follow(predecessor, []);
                Changed();
            }
        });
    }

    private void Notify(ChordContact successor) =>
        _node.Call(successor.Node, new NotifyRequest(Ring.Self), _parameters.CallTimeout, reply =>
        {
            if (_node.Contacts.Accepts(reply?.Predecessor))
            {
                OnHint(reply!.Predecessor!);
            }
        });

    /// <summary>A question about another node's state; until the answer is applied this node does not tell its own.</summary>
    private void Ask(ChordContact contact, Action<StateReply?> apply)
    {
        _asking = true;
        _node.Call(contact.Node, new StateRequest(), _parameters.CallTimeout, reply =>
        {
            _asking = false;
            if (reply is not null)
            {
                _node.Contacts.Trust(contact);
            }

            if (Ring.IsMember)
            {
                apply(reply);
                FollowHint();
            }
        });
    }

    private void FollowHint()
    {
        if (!_asking && _hint is { } candidate)
        {
            _hint = null;
            if (Ring.Space.IsBetween(Ring.Self.Id, candidate.Id, Ring.Successor.Id))
            {
                StabilizeFromPredecessor(candidate);
            }
        }
    }

    private void CheckPredecessor()
    {
        if (_node.Now - _predecessorHeard > _parameters.StabilizeMax * 2)
        {
            _predecessorHeard = _node.Now;
            DoubtPredecessor();
        }
    }

    private void Probe(ChordContact contact, Action dead) =>
        _node.Call(contact.Node, new ProbeRequest(), _parameters.CallTimeout, reply =>
        {
            if (reply is null && Ring.IsMember && Ring.Predecessor?.Id == contact.Id)
            {
                _node.Contacts.Suspect(contact, _node.Now);
                dead();
            }
        });

    private void SetPredecessor(ChordContact? predecessor)
    {
        var old = Ring.Predecessor;
        Ring.Predecessor = predecessor;
        if (predecessor is not null && old is not null && Ring.Space.IsBetween(old.Id, predecessor.Id, Ring.Self.Id))
        {
            if (old.Id != Ring.Self.Id)
            {
                _node.Call(old.Node, new NewPredecessorRequest(predecessor), _parameters.CallTimeout, _ => { });
            }

            _node.Keeper.GiveAway(old.Id, predecessor.Id);
        }

        _predecessorHeard = _node.Now;
        Changed();
    }
}
