using System.Diagnostics;
using P2PCloud.Contracts;
using P2PCloud.Contracts.Chord;
using P2PCloud.Overlays.Boot;
using P2PCloud.Overlays.Common;

namespace P2PCloud.Overlays.Chord;

/// <summary>A virtual node of the Chord ring (Stoica et al., ToN 2003; membership as corrected by Zave, 2017).</summary>
public sealed partial class ChordNode : Engine
{
    private const int IdsRemembered = 10_000;

    private readonly Searcher _searcher;
    private readonly Publisher? _publisher;
    private readonly KeyStore _keys;
    private readonly KeyClient _keyClient;
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
        Contacts = new ContactBook(parameters.IdOf ?? space.RememberingIdOf(IdsRemembered), parameters.SuspicionTime);
        Siblings = [.. siblings.Select(Contacts.Of)];
        Ring = new RingState(
            space, Contacts.Of(self), parameters.SuccessorListLength, parameters.Defects.HasFlag(PlantedDefects.OwnsOpenInterval));
        Fingers = new FingerTable(this);
        Owners = new OwnerCache(space, parameters.OwnerCacheSize);
        Members = parameters.Routing is Routing.Full ? new MemberTable(this) : null;
        Router = new Router(this);
        Lookups = new Lookups(this);
        Keeper = new Keeper(this);
        Membership = new Membership(this, boot);
        _keys = new KeyStore(this, boot.Incarnation, kept ?? []);
        _keyClient = new KeyClient(this, _keys);
        Arrivals = new Arrivals(this, _keys);
        KeyOwner = new KeyOwner(this, _keys);
        KeyRepair = new KeyRepair(this, _keys);
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

    /// <summary>Owners that lookups found lately.</summary>
    internal OwnerCache Owners { get; }

    /// <summary>All members, with full routing; null otherwise.</summary>
    internal MemberTable? Members { get; }

    internal Router Router { get; }

    internal Lookups Lookups { get; }

    internal Keeper Keeper { get; }

    internal Membership Membership { get; }

    internal Arrivals Arrivals { get; }

    internal KeyOwner KeyOwner { get; }

    internal KeyRepair KeyRepair { get; }

    /// <summary>Handing its keys over before it leaves: it takes no new ones.</summary>
    internal bool IsLeaving { get; private set; }

    /// <summary>
    /// Puts the node into a ring that is known to be ideal, before it starts: it does not ask BOOT and does not join (Zave 2017: a network
    /// is initialized with r + 1 members whose pointers are right).
    /// </summary>
    /// <param name="predecessor">Null when unknown.</param>
    /// <param name="successors">Nearest first.</param>
    /// <param name="fingers">In any order.</param>
    /// <param name="members">With full routing, all members; not used otherwise.</param>
    public void Place(
        ChordContact? predecessor, IReadOnlyList<ChordContact> successors, IEnumerable<ChordContact> fingers, IReadOnlyList<ChordContact> members)
    {
        Ring.IsMember = true;
        Ring.Predecessor = predecessor;
        if (successors.Count > 0)
        {
            Ring.Follow(successors[0], successors.Skip(1));
        }

        Fingers.Place(fingers);
        Members?.Place(members);
    }

    /// <inheritdoc/>
    protected override void OnStart()
    {
        Membership.Start();
        if (Parameters.Repairs)
        {
            KeyRepair.Start();
        }

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
                Respond(request.RequestId, Arrivals.Give(request.From, handOver));
                break;
            case TableRequest table:
                Respond(request.RequestId, Members?.Tell(table) ?? TableReply.Empty);
                break;
            case KeyReadRequest or KeyWriteRequest or KeyCopyRequest or KeyPullRequest or KeySyncRequest:
                OnKeyRequest(request);
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
            case LookUpCommand lookUp:
                Lookups.Start(lookUp.Key, lookUp.Mode, fetch: false, found =>
                    Complete(commandId, lookUp, new OwnerFound(found.Owner, found.Path, found.Messages)));
                break;
            case GetKeyCommand get:
                _keyClient.Get(get, result => Complete(commandId, get, result));
                break;
            case PutKeyCommand put:
                _keyClient.Put(put, result => Complete(commandId, put, result));
                break;
            case DeleteKeyCommand delete:
                _keyClient.Delete(delete, result => Complete(commandId, delete, result));
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

    /// <summary>Whether the predecessor is unknown or did not answer lately.</summary>
    internal bool IsPredecessorInDoubt => Ring.Predecessor is not { } predecessor || Contacts.IsSuspect(predecessor, Now);

    /// <summary>A node did not answer, or answered that it is no member: lookups go round it for a while.</summary>
    internal void Forget(ChordContact contact, bool silent = true)
    {
        if (Parameters.Repairs)
        {
            Contacts.Suspect(contact, Now);
            if (silent)
            {
                Contacts.Lose(contact);
            }

            Fingers.Remove(contact);
            Owners.Remove(contact);
            Members?.Remove(contact);
        }
    }

    /// <summary>The hop that a message of a lookup makes.</summary>
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
                Membership.OnLeave(leave.Leaving);
                break;
            case EventsRequest events:
                Members?.OnEvents(events);
                break;
            case ReplicateRequest replicate:
                Keeper.Replicate(replicate);
                break;
            case NewPredecessorRequest or ChordLeaveRequest:
                break;
            default:
                throw new UnreachableException();
        }

        Respond(request.RequestId, Ack.Instance);
    }

    private void Leave(Action done)
    {
        Action leave = () =>
        {
            IsLeaving = true;
            KeyRepair.HandAllOver(Now + Parameters.LeaveDeadline, () => Keeper.HandAllOver(() => Membership.Leave(done)));
        };
        if (_publisher is null || !Ring.IsMember)
        {
            leave();
        }
        else
        {
            _publisher.WithdrawAll(leave);
        }
    }
}
