using System.Diagnostics;
using P2PCloud.Contracts;
using P2PCloud.Contracts.Api;
using P2PCloud.Contracts.Chord;
using P2PCloud.Overlays.Boot;
using P2PCloud.Overlays.Common;

namespace P2PCloud.Overlays.Chord;

/// <summary>A virtual node of the Chord ring (Stoica et al., ToN 2003; membership as corrected by Zave, 2017).</summary>
public sealed class ChordNode : Engine
{
    private readonly Searcher _searcher;
    private readonly Publisher? _publisher;
    private bool _settled;

    /// <summary>A node that has not joined.</summary>
    /// <param name="self">With the number of the virtual node.</param>
    /// <param name="random">Its chance.</param>
    /// <param name="boot">How to deal with BOOT.</param>
    /// <param name="parameters">See there.</param>
    /// <param name="siblings">The other virtual nodes of this peer. Number 0 shares and searches for all of them.</param>
    /// <param name="kept">What <see cref="Effect.Keep"/> kept before a restart; none for a new node.</param>
    public ChordNode(
        NodeRef self, IRandom random, BootParameters boot, ChordParameters parameters, IReadOnlyList<NodeRef> siblings,
        IReadOnlyList<KeyRecord>? kept = null)
        : base(self, random)
    {
        var space = new RingSpace(parameters.Bits);
        Parameters = parameters;
        Contacts = new ContactBook(parameters.IdOf ?? space.IdOf, parameters.SuspicionTime);
        Siblings = [.. siblings.Select(Contacts.Of)];
        Ring = new RingState(space, Contacts.Of(self), parameters.SuccessorListLength);
        Fingers = new FingerTable(this);
        Router = new Router(this);
        Lookups = new Lookups(this);
        Keeper = new Keeper(this);
        Membership = new Membership(this, boot);
        _searcher = new Searcher(this);
        _publisher = self.VirtualNode is 0 ? new Publisher(this) : null;
    }

    /// <summary>Grows with every change of membership, predecessor or successor list.</summary>
    public long RoutingVersion => Ring.Version;

    internal ChordParameters Parameters { get; }

    internal ContactBook Contacts { get; }

    internal IReadOnlyList<ChordContact> Siblings { get; }

    internal RingState Ring { get; }

    internal FingerTable Fingers { get; }

    internal Router Router { get; }

    internal Lookups Lookups { get; }

    internal Keeper Keeper { get; }

    internal Membership Membership { get; }

    /// <summary>What this node believes now.</summary>
    public ChordSnapshot Snapshot() =>
        new(Ring.Self, Ring.IsMember, Ring.Predecessor, Ring.Successors, [.. Fingers.Distinct], Keeper.IsTakingOver);

    /// <summary>Records of keys that this node holds, tombstones included.</summary>
    public IEnumerable<KeyRecord> Records => Keeper.Records;

    /// <inheritdoc/>
    protected override void OnStart()
    {
        Membership.Start();
        Keeper.Start();
        _publisher?.Start();
    }

    /// <inheritdoc/>
    protected override void OnRequest(Input.Request request)
    {
        switch (request.Body)
        {
            case LookupRequest lookup:
                Lookups.OnLookup(request, lookup);
                break;
            case LookupAnswerRequest answer:
                Lookups.OnAnswer(request, answer);
                break;
            case NextHopRequest asked:
                Lookups.OnNextHop(request, asked);
                break;
            case FetchRequest fetch:
                Keeper.OnFetch(request, fetch);
                break;
            case StateRequest:
                Respond(request.RequestId, Membership.Tell());
                break;
            case NotifyRequest notify:
                if (notify.Candidate.Node == request.From && Contacts.Accepts(notify.Candidate))
                {
                    Membership.Rectify(notify.Candidate);
                }

                Respond(request.RequestId, new NotifyReply(Ring.Predecessor));
                break;
            case StoreRequest store:
                Keeper.Store(store.Items, reply => Respond(request.RequestId, reply));
                break;
            case HandOverRequest handOver:
                Respond(request.RequestId, Keeper.HandOver(request.From, handOver));
                break;
            default:
                Acknowledge(request);
                break;
        }
    }

    /// <inheritdoc/>
    protected override void OnCommand(long commandId, ICommand command)
    {
        switch (command)
        {
            case SearchCommand search:
                _searcher.Search(search, result => Complete(commandId, search, result));
                break;
            case ProvidersCommand providers:
                _searcher.Providers(providers.ContentId, result => Complete(commandId, providers, result));
                break;
            case ShareCommand share when _publisher is not null:
                _publisher.Share(share.Files, done => Complete(commandId, share, done));
                break;
            case UnshareCommand unshare when _publisher is not null:
                _publisher.Unshare(unshare.Files, done => Complete(commandId, unshare, done));
                break;
            case LeaveCommand leave:
                Leave(() => Complete(commandId, leave, Done.Yes));
                break;
            case ChordStatusCommand status:
                Complete(commandId, status, new ChordStatus(Pending(), State(), Contacts.Refused));
                break;
            default:
                throw new UnreachableException();
        }
    }

    /// <summary>The hop that a question of an iterative lookup makes.</summary>
    internal HopMark MarkOf(NodeRef from, string lookupId, int index) =>
        new(Techniques.Chord, lookupId, index, from.Name, Self.Name, from.App == Self.App);

    private void Acknowledge(Input.Request request)
    {
        switch (request.Body)
        {
            case NewPredecessorRequest hint when Contacts.Accepts(hint.Predecessor):
                Membership.OnHint(hint.Predecessor);
                break;
            case ChordLeaveRequest leave when leave.Leaving.Node == request.From && Contacts.Accepts(leave.Leaving):
                Membership.OnLeave(leave);
                break;
            case ReplicateRequest replicate:
                Keeper.Replicate(replicate);
                break;
            case ProbeRequest or NewPredecessorRequest or ChordLeaveRequest:
                break;
            default:
                throw new UnreachableException();
        }

        Respond(request.RequestId, Ack.Instance);
    }

    private void Leave(Action done)
    {
        Action leave = () => Keeper.HandAllOver(() => Membership.Leave(done));
        if (_publisher is null || !Ring.IsMember)
        {
            leave();
        }
        else
        {
            _publisher.WithdrawAll(leave);
        }
    }

    private string? Pending()
    {
        _settled |= Ring.IsMember && Ring.Predecessor is not null && !Keeper.IsTakingOver;
        return !Ring.IsMember ? "joining the ring"
            : !_settled ? "taking its keys over"
            : _publisher?.Pending;
    }

    private VirtualNodeState State() => new(
        Self.Name,
        Ring.Space.Format(Ring.Self.Id),
        Ring.IsMember,
        Ring.Predecessor is { } predecessor ? Show(predecessor) : null,
        [.. (Ring.IsAlone && Ring.IsMember ? [Ring.Self] : Ring.Successors).Select(Show)],
        [.. Fingers.Distinct.Select(Show)],
        Keeper.OwnedKeys,
        Keeper.ReplicaKeys);

    private RingNode Show(ChordContact contact) => new(contact.Node.Name, Ring.Space.Format(contact.Id));
}
