using System.Diagnostics;
using P2PCloud.Contracts;
using P2PCloud.Contracts.Napster;
using P2PCloud.Overlays.Common;

namespace P2PCloud.Overlays.Napster;

/// <summary>
/// The central directory as a state machine in memory: the reference for the service, which keeps the same state in Redis, and the
/// directory of simulations. It never carries file bytes.
/// </summary>
public sealed class NapsterServer : Engine
{
    private readonly FileIndex _index = new(NapsterLimits.FilesPerPeerMax);
    private readonly TimeSpan _lease;

    /// <summary>A directory without sessions.</summary>
    /// <param name="self">Where it is.</param>
    /// <param name="random">Not used, as in any server that only answers.</param>
    /// <param name="lease">How long a session lives without a keep-alive.</param>
    public NapsterServer(NodeRef self, IRandom random, TimeSpan lease)
        : base(self, random) => _lease = lease;

    /// <inheritdoc/>
    protected override void OnStart()
    {
    }

    /// <inheritdoc/>
    protected override void OnCommand(long commandId, ICommand command) => throw new UnreachableException();

    /// <inheritdoc/>
    protected override void OnRequest(Input.Request request)
    {
        _index.Expire(Now);
        if (request.Body is SearchRequest asked)
        {
            MarkHop(request.RequestId, new HopMark(Techniques.Napster, asked.LookupId, 0, request.From.Name, Self.Name));
        }

        Respond(request.RequestId, request.Body switch
        {
            LoginRequest login => Session(_index.Open(login.Peer, login.Incarnation, Now + _lease)),
            ShareRequest share => Session(_index.Add(share.Peer, share.Incarnation, share.Files, Now)),
            UnshareRequest unshare => Session(_index.Remove(unshare.Peer, unshare.Incarnation, unshare.ContentIds, Now)),
            KeepAliveRequest keep => Session(_index.Renew(keep.Peer, keep.Incarnation, Now, Now + _lease)),
            LogoutRequest logout => Logout(logout),
            SearchRequest search => new PostingsReply(
                _index.Search(SearchTerms.Words(search.Query), Math.Clamp(search.Limit, 0, NapsterLimits.SearchResultsMax), Now)),
            SourcesRequest sources => new PostingsReply(_index.Sources(sources.ContentId, NapsterLimits.SearchResultsMax, Now)),
            ListRequest list => List(list),
            _ => throw new UnreachableException(),
        });
    }

    private SessionReply Session(bool alive) => alive ? new SessionReply(false, (int)_lease.TotalMilliseconds) : new SessionReply(true, 0);

    private Ack Logout(LogoutRequest request)
    {
        _index.Close(request.Peer, request.Incarnation);
        return Ack.Instance;
    }

    private ListReply List(ListRequest request)
    {
        var page = _index.List(Math.Clamp(request.Limit, 1, NapsterLimits.ListPageMax), request.After, Now);
        return new ListReply(page.Postings, page.Next);
    }
}
