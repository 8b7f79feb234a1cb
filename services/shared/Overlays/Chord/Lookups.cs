using P2PCloud.Contracts;
using P2PCloud.Contracts.Chord;
using P2PCloud.Overlays.Common;

namespace P2PCloud.Overlays.Chord;

/// <summary>Lookups: those that begin here, and the steps of those that pass through.</summary>
internal sealed class Lookups(ChordNode node)
{
    private const int HandledMax = 256;

    private readonly Dictionary<string, Waiting> _waiting = new(StringComparer.Ordinal);
    private readonly HashSet<(string LookupId, LookupAim Aim, int Try)> _handled = [];
    private readonly Queue<(string LookupId, LookupAim Aim, int Try)> _handledOrder = new();

    private RingState Ring => node.Ring;

    /// <summary>Looks a key up in the way that is asked for.</summary>
    public void Start(NodeId key, LookupMode mode, bool fetch, Action<LookupFound> done)
    {
        if (mode is LookupMode.Iterative)
        {
            new IterativeLookup(node, NewId(), key, fetch, done).Start();
        }
        else
        {
            Recursive(key, fetch, done);
        }
    }

    /// <summary>Looks a key up from node to node; the owner answers directly. Sent again when no answer comes, until the deadline.</summary>
    public void Recursive(NodeId key, bool fetch, Action<LookupFound> done)
    {
        var id = NewId();
        if (!Ring.IsMember)
        {
            done(LookupFound.Nothing(id, [], 0));
            return;
        }

        if (Ring.Owns(key))
        {
            ReadOwn(id, key, fetch, done);
            return;
        }

        var waiting = new Waiting(key, fetch, node.Now + node.Parameters.LookupDeadline, done);
        _waiting[id] = waiting;
        Try(id, waiting);
    }

    private void ReadOwn(string id, NodeId key, bool fetch, Action<LookupFound> done) => node.Keeper.Read(key, fetch, postings =>
        done(new LookupFound(id, Ring.Self, Ring.Predecessor?.Id ?? Ring.Self.Id, postings, [], 0)));

    /// <summary>A lookup passes through, or ends here.</summary>
    public void OnLookup(Input.Request request, LookupRequest lookup)
    {
        if (!Ring.IsMember || !node.Contacts.Accepts(lookup.Origin))
        {
            node.Respond(request.RequestId, new LookupReply(false));
            return;
        }

        if (!IsNew((lookup.LookupId, lookup.Aim, lookup.Try)))
        {
            node.Respond(request.RequestId, new LookupReply(true));
            return;
        }

        var local = request.From.App == node.Self.App;
        var hop = new Hop(request.From.Name, node.Self.Name, local, node.ElapsedMs(request.SentAt));
        node.MarkHop(request.RequestId, node.MarkOf(request.From, lookup.LookupId, IndexOf(lookup.Path)));
        var arrived = lookup with { Path = [.. lookup.Path, hop] };
        if (Ring.Owns(lookup.Key) || (lookup.Aim is LookupAim.Owner && node.IsPredecessorInDoubt))
        {
            Answer(arrived);
        }
        else if (lookup.Aim is LookupAim.Owner && Ring.Predecessor is { } predecessor)
        {
            // The sender does not know this node's predecessor yet, which is nearer to the key. If that is dead, this node is next.
            Forward(arrived, [new NextHop(predecessor, LookupAim.Owner)], givenUp: failed =>
            {
                node.Membership.DoubtPredecessor();
                Answer(failed);
            });
        }
        else
        {
            IReadOnlyList<NextHop> next = lookup.Aim is LookupAim.Guess
                ? [.. node.Router.Back(lookup.Key), .. node.Router.Next(lookup.Key, Guesses.None)]
                : node.Router.Next(lookup.Key, Guesses.List);
            Forward(arrived, next, givenUp: _ => { });
        }

        node.Respond(request.RequestId, new LookupReply(true));
    }

    /// <summary>The owner answers a lookup that began here.</summary>
    public void OnAnswer(Input.Request request, LookupAnswerRequest answer)
    {
        node.Respond(request.RequestId, Ack.Instance);
        if (node.Contacts.Accepts(answer.Owner) && _waiting.Remove(answer.LookupId, out var waiting))
        {
            node.Cancel(waiting.Timer);
            node.Owners.Set(answer.OwnerPredecessor, answer.Owner);
            waiting.Done(new LookupFound(
                answer.LookupId, answer.Owner, answer.OwnerPredecessor, answer.Postings, answer.Path, answer.Path.Count + 1));
        }
    }

    /// <summary>One step of an iterative lookup.</summary>
    public void OnNextHop(Input.Request request, NextHopRequest asked)
    {
        if (asked.LookupId.Length > 0)
        {
            node.MarkHop(request.RequestId, node.MarkOf(request.From, asked.LookupId, asked.HopIndex));
        }

        List<NextHop> steps = !Ring.IsMember ? []
            : Ring.Owns(asked.Key) || Ring.IsAlone ? [new NextHop(Ring.Self, LookupAim.Owner)]
            : node.Router.Next(asked.Key, Guesses.None);
        node.Respond(request.RequestId, new NextHopReply(steps));
    }

    /// <summary>Distance from the entry: attempts that failed do not lead on.</summary>
    public static int IndexOf(IReadOnlyList<Hop> path)
    {
        var index = 0;
        foreach (var hop in path)
        {
            index += hop.Outcome is null ? 1 : 0;
        }

        return index;
    }

    /// <summary>
    /// A copy of a lookup, sent twice by the network or come round a ring in disorder, goes no further: with several ways to go at
    /// each node, copies would multiply.
    /// </summary>
    private bool IsNew((string LookupId, LookupAim Aim, int Try) arrived)
    {
        if (!_handled.Add(arrived))
        {
            return false;
        }

        _handledOrder.Enqueue(arrived);
        if (_handledOrder.Count > HandledMax)
        {
            _handled.Remove(_handledOrder.Dequeue());
        }

        return true;
    }

    private string NewId() => DescriptorId.FromRandomBits(node.Random.NextBits(), node.Random.NextBits()).ToString();

    private void Try(string id, Waiting waiting)
    {
        waiting.Timer = node.After(node.Parameters.LookupTry, () =>
        {
            if (node.Now >= waiting.Deadline || !Ring.IsMember)
            {
                _waiting.Remove(id);
                waiting.Done(LookupFound.Nothing(id, [], waiting.Tries));
            }
            else
            {
                Try(id, waiting);
            }
        });
        waiting.Tries++;
        Forward(
            new LookupRequest(id, waiting.Key, Ring.Self, waiting.Fetch, [], LookupAim.Forward, waiting.Tries),
            node.Router.Next(waiting.Key, waiting.Tries == 1 ? Guesses.All : Guesses.None),
            givenUp: _ => { });
    }

    private void Forward(LookupRequest lookup, IReadOnlyList<NextHop> candidates, Action<LookupRequest> givenUp) =>
        new Forwarding(node, lookup, candidates, givenUp).Next();

    private void Answer(LookupRequest lookup) => node.Keeper.Read(lookup.Key, lookup.Fetch, postings =>
    {
        var from = Ring.Predecessor?.Id ?? node.Ring.Space.Add(lookup.Key, UInt128.MaxValue);
        node.Call(
            lookup.Origin.Node,
            new LookupAnswerRequest(lookup.LookupId, Ring.Self, from, postings, lookup.Path),
            node.Parameters.CallTimeout,
            _ => { });
    });

    private sealed class Waiting(NodeId key, bool fetch, DateTimeOffset deadline, Action<LookupFound> done)
    {
        public NodeId Key { get; } = key;

        public bool Fetch { get; } = fetch;

        public DateTimeOffset Deadline { get; } = deadline;

        public Action<LookupFound> Done { get; } = done;

        public long Timer { get; set; }

        public int Tries { get; set; }
    }
}
