using System.Numerics;
using P2PCloud.Contracts;
using P2PCloud.Contracts.Chord;
using P2PCloud.Overlays.Common;

namespace P2PCloud.Overlays.Chord;

/// <summary>
/// Full membership for one-hop lookups, kept up to date by EDRA (Monnerat and Amorim, "D1HT: a distributed one hop hash table", 2006):
/// who sees a new or lost predecessor tells rho = ceil(log2 N) others at distances 2^l, each of which passes the event on to its own
/// distances below 2^l, so that every member hears of it once within rho rounds. Events that were lost are repaired by comparing tables.
/// </summary>
internal sealed class MemberTable(ChordNode node)
{
    private const int PageSize = 1000;
    private const int ProbesMax = 32;
    private const double Jitter = 0.2;

    private readonly List<ChordContact> _members = [];
    private List<(MembershipEvent Event, int Ttl)> _events = [];

    private RingState Ring => node.Ring;

    /// <summary>Members known, this node not included, by id.</summary>
    public IReadOnlyList<ChordContact> All => _members;

    private NodeId Digest => new(_members.Aggregate(Ring.Self.Id.Value, (digest, contact) => digest ^ contact.Id.Value));

    /// <summary>Members known from the start.</summary>
    public void Place(IReadOnlyList<ChordContact> members)
    {
        _members.Clear();
        _members.EnsureCapacity(members.Count);
        _members.AddRange(members.Where(contact => contact.Id != Ring.Self.Id));
        _members.Sort((left, right) => left.Id.CompareTo(right.Id));
    }

    /// <summary>Fetches the table from the successor and begins to pass events on.</summary>
    public void Start()
    {
        if (!Ring.IsAlone && _members.Count == 0)
        {
            Fetch(Ring.Successor, null, isNew: true);
        }

        Later(node.Parameters.EventInterval, Pass);
        Later(node.Parameters.TableCheckInterval, Compare);
    }

    /// <summary>The first member at or after a key, this node included.</summary>
    public ChordContact OwnerOf(NodeId key)
    {
        if (_members.Count == 0)
        {
            return Ring.Self;
        }

        var place = PlaceOf(key);
        var member = _members[place == _members.Count ? 0 : place];
        return Ring.Space.Distance(key, Ring.Self.Id) < Ring.Space.Distance(key, member.Id) ? Ring.Self : member;
    }

    /// <summary>The last other member strictly before a key; null when none is known.</summary>
    public ChordContact? Before(NodeId key)
    {
        var place = PlaceOf(key) - 1;
        return _members.Count == 0 ? null : _members[place < 0 ? _members.Count - 1 : place];
    }

    /// <summary>This node has seen with its own eyes that its predecessor changed.</summary>
    public void Report(ChordContact member, bool joined)
    {
        if (Apply(new MembershipEvent(member, joined)))
        {
            _events.Add((new MembershipEvent(member, joined), Rounds()));
        }
    }

    /// <summary>Takes a node out that did not answer.</summary>
    public void Remove(ChordContact contact) => Apply(new MembershipEvent(contact, false));

    /// <summary>Events from another member.</summary>
    public void OnEvents(EventsRequest request)
    {
        foreach (var happened in request.Events)
        {
            if (node.Contacts.Accepts(happened.Member) && happened.Member.Id != Ring.Self.Id)
            {
                Apply(happened);
                if (request.Ttl > 0)
                {
                    _events.Add((happened, request.Ttl));
                }
            }
        }
    }

    /// <summary>A page of the table.</summary>
    public TableReply Tell(TableRequest request)
    {
        if (request.Digest == Digest)
        {
            return new TableReply(Digest, [], true);
        }

        var all = _members.Append(Ring.Self).OrderBy(contact => contact.Id).Where(contact => request.After is not { } after || contact.Id > after);
        var page = all.Take(PageSize + 1).ToList();
        return new TableReply(Digest, [.. page.Take(PageSize)], page.Count <= PageSize);
    }

    private int Rounds() => BitOperations.Log2((uint)_members.Count) + 1;

    /// <summary>One round: M(l) to the member at distance 2^l, with the events whose time to live is above l and whose subject is not on the way.</summary>
    private void Pass()
    {
        Later(node.Parameters.EventInterval, Pass);
        if (_events.Count == 0 || _members.Count == 0)
        {
            _events.Clear();
            return;
        }

        var events = _events;
        _events = [];
        var start = PlaceOf(Ring.Self.Id);
        for (var l = 0; 1 << l <= _members.Count; l++)
        {
            var target = _members[(start + (1 << l) - 1) % _members.Count];
            List<MembershipEvent> sent =
            [
                .. events.Where(entry => entry.Ttl > l && !Ring.Space.IsInHalfOpen(Ring.Self.Id, entry.Event.Member.Id, target.Id))
                    .Select(entry => entry.Event),
            ];
            if (sent.Count > 0)
            {
                Send(target, new EventsRequest(l, sent));
            }
        }
    }

    /// <summary>A target that does not answer is dead: its successor gets the message in its place.</summary>
    private void Send(ChordContact target, EventsRequest request) =>
        node.Call(target.Node, request, node.Parameters.CallTimeout, reply =>
        {
            if (reply is null && Ring.IsMember)
            {
                node.Forget(target);
                if (_members.Count > 0 && OwnerOf(target.Id) is var next && next.Id != Ring.Self.Id)
                {
                    node.Call(next.Node, request, node.Parameters.CallTimeout, _ => { });
                }
            }
        });

    private void Compare()
    {
        Later(node.Parameters.TableCheckInterval, Compare);
        if (_members.Count > 0 && !Ring.IsAlone)
        {
            Fetch(_members[node.Random.NextBelow(_members.Count)], null, isNew: false);
        }
    }

    /// <summary>Reads another member's table; what only one of the two tables has is asked for itself, unless the table is new.</summary>
    private void Fetch(ChordContact from, NodeId? after, bool isNew) =>
        node.Call(from.Node, new TableRequest(after, after is null ? Digest : null), node.Parameters.CallTimeout * 2, reply =>
        {
            if (reply is null || !Ring.IsMember || reply.Members.Count == 0)
            {
                return;
            }

            var page = node.Contacts.Accepted(reply.Members);
            var probes = 0;
            foreach (var member in page.Where(member => member.Id != Ring.Self.Id && !Has(member.Id)))
            {
                if (isNew)
                {
                    Apply(new MembershipEvent(member, true));
                }
                else if (++probes <= ProbesMax)
                {
                    Probe(member);
                }
            }

            if (page.Count > 0)
            {
                Doubt(page, after, reply.Last);
                if (!reply.Last)
                {
                    Fetch(from, page[^1].Id, isNew);
                }
            }
        });

    /// <summary>Members within the range of a page that the page does not have may be gone.</summary>
    private void Doubt(List<ChordContact> page, NodeId? after, bool last)
    {
        var theirs = page.Select(member => member.Id).ToHashSet();
        var missing = _members
            .Where(member => (after is not { } from || member.Id > from) && (last || member.Id <= page[^1].Id) && !theirs.Contains(member.Id))
            .Take(ProbesMax)
            .ToList();
        missing.ForEach(Probe);
    }

    private void Probe(ChordContact member) => node.Call(member.Node, new StateRequest(), node.Parameters.CallTimeout, reply =>
        Apply(new MembershipEvent(member, reply is { Status: not MemberStatus.NotMember })));

    private bool Has(NodeId id) => PlaceOf(id) is var place && place < _members.Count && _members[place].Id == id;

    /// <returns>Whether it was new.</returns>
    private bool Apply(MembershipEvent happened)
    {
        var id = happened.Member.Id;
        if (id == Ring.Self.Id || Has(id) == happened.Joined)
        {
            return false;
        }

        if (happened.Joined)
        {
            _members.Insert(PlaceOf(id), happened.Member);
        }
        else
        {
            _members.RemoveAt(PlaceOf(id));
        }

        return true;
    }

    /// <summary>Index of the first member at or after an id.</summary>
    private int PlaceOf(NodeId id) => Ring.Space.PlaceOf(_members, id);

    private void Later(TimeSpan interval, Action action) => node.After(node.Random.NextAround(interval, Jitter), () =>
    {
        if (Ring.IsMember && node.Parameters.Repairs)
        {
            action();
        }
    });
}
