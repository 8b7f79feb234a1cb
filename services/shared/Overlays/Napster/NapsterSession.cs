using System.Diagnostics;
using P2PCloud.Contracts;
using P2PCloud.Contracts.Napster;
using P2PCloud.Overlays.Common;

namespace P2PCloud.Overlays.Napster;

/// <summary>
/// A peer's side of the central directory: logs in, shares its files, keeps the session alive, searches. When the session is gone it
/// logs in and shares everything again; with the directory down it keeps trying, and searches fail fast.
/// </summary>
public sealed class NapsterSession : Engine
{
    private const double RetryJitter = 0.5;

    private readonly NapsterParameters _parameters;
    private readonly RemoteShare _share;
    private long _incarnation;
    private bool _everLoggedIn;
    private bool _loggedIn;
    private bool _left;

    /// <summary>A session that has not begun.</summary>
    public NapsterSession(NodeRef self, IRandom random, NapsterParameters parameters)
        : base(self, random)
    {
        _parameters = parameters;
        _incarnation = parameters.Incarnation - 1;
        _share = new RemoteShare(this, new Port(this), parameters.Share);
    }

    /// <inheritdoc/>
    protected override void OnStart() => Login(_parameters.RetryMin);

    /// <inheritdoc/>
    protected override void OnRequest(Input.Request request) => throw new UnreachableException();

    /// <inheritdoc/>
    protected override void OnCommand(long commandId, ICommand command)
    {
        switch (command)
        {
            case SearchCommand search:
                Search(commandId, search);
                break;
            case ShareCommand share:
                _share.Share(share.Files, done => Complete(commandId, share, done));
                break;
            case UnshareCommand unshare:
                _share.Unshare([.. unshare.Files.Select(file => file.ContentId)], done => Complete(commandId, unshare, done));
                break;
            case LeaveCommand leave:
                Leave(() => Complete(commandId, leave, Done.Yes));
                break;
            case NapsterSourcesCommand sources:
                Call(_parameters.Directory, new SourcesRequest(sources.ContentId), _parameters.SearchTimeout, reply => Complete(
                    commandId,
                    sources,
                    reply is null
                        ? new NapsterSources(SearchOutcome.Failed, [])
                        : new NapsterSources(SearchOutcome.Complete, reply.Postings)));
                break;
            case NapsterStatusCommand status:
                Complete(commandId, status, new NapsterStatus(Pending(), _loggedIn, _share.Count));
                break;
            default:
                throw new UnreachableException();
        }
    }

    private string? Pending() =>
        _left ? "logged out"
        : !_loggedIn ? "the directory has not answered"
        : !_share.IsComplete ? "sharing files"
        : null;

    private void Login(TimeSpan retry)
    {
        if (_left)
        {
            return;
        }

        var incarnation = ++_incarnation;
        Call(_parameters.Directory, new LoginRequest(Self.App, incarnation), _parameters.CallTimeout, reply =>
        {
            if (_left)
            {
                return;
            }

            if (reply is null || reply.Gone)
            {
                var longer = retry * 2 < _parameters.RetryMax ? retry * 2 : _parameters.RetryMax;
                After(Random.NextAround(retry, RetryJitter), () => Login(longer));
                return;
            }

            _loggedIn = true;
            _everLoggedIn = true;
            _share.Opened(TimeSpan.FromMilliseconds(reply.LeaseMs));
        });
    }

    private void Leave(Action done)
    {
        var known = _loggedIn;
        _left = true;
        _loggedIn = false;
        _share.Close();
        if (known)
        {
            Call(_parameters.Directory, new LogoutRequest(Self.App, _incarnation), _parameters.CallTimeout, _ => done());
        }
        else
        {
            done();
        }
    }

    private void Search(long commandId, SearchCommand search)
    {
        var lookupId = DescriptorId.FromRandomBits(Random.NextBits(), Random.NextBits()).ToString();
        if (_left || !_everLoggedIn || search.Query.Length > SearchTerms.QueryLengthMax)
        {
            Complete(commandId, search, new SearchResult(lookupId, SearchOutcome.Failed, [], [], 0));
            return;
        }

        var sentAt = Now;
        var directory = _parameters.Directory;
        Call(directory, new SearchRequest(lookupId, search.Query, search.Limit), _parameters.SearchTimeout, reply =>
        {
            var hop = new Hop(Self.Name, directory.Name, false, ElapsedMs(sentAt), reply is null ? HopOutcomes.Unreachable : null);
            if (reply is null)
            {
                MarkFailed(new HopMark(Techniques.Napster, lookupId, 0, Self.Name, directory.Name), sentAt);
            }

            Complete(commandId, search, reply is null
                ? new SearchResult(lookupId, SearchOutcome.Failed, [], [hop], 1)
                : new SearchResult(lookupId, SearchOutcome.Complete, reply.Postings.InCommonOrder(search.Limit), [hop], 2));
        });
    }

    /// <summary>Napster's messages for the component that does not know them.</summary>
    private sealed class Port(NapsterSession session) : IIndexPort
    {
        public void Add(IReadOnlyList<SharedFile> files, Action<IndexAnswer> done) =>
            Ask(new ShareRequest(session.Self.App, session._incarnation, files), done);

        public void Remove(IReadOnlyList<string> contentIds, Action<IndexAnswer> done) =>
            Ask(new UnshareRequest(session.Self.App, session._incarnation, contentIds), done);

        public void KeepAlive(Action<IndexAnswer> done) => Ask(new KeepAliveRequest(session.Self.App, session._incarnation), done);

        public void Lost(IndexAnswer answer)
        {
            session._loggedIn = false;
            session.Login(session._parameters.RetryMin);
        }

        private void Ask(IRequest<SessionReply> request, Action<IndexAnswer> done) =>
            session.Call(session._parameters.Directory, request, session._parameters.CallTimeout, reply => done(reply switch
            {
                null => IndexAnswer.None,
                { Gone: true } => IndexAnswer.Gone,
                _ => IndexAnswer.Live,
            }));
    }
}
