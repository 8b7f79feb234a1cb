using P2PCloud.Contracts;
using P2PCloud.Contracts.Napster;
using P2PCloud.Overlays.Common;

namespace P2PCloud.Services.Tests.Napster;

/// <summary>The directory's messages answered by the index in memory.</summary>
internal sealed class IndexModel(int filesPerPeerMax, int resultsMax)
{
    private const int LeaseMs = 30_000;

    private static readonly DateTimeOffset Now = DateTimeOffset.UnixEpoch;

    private readonly FileIndex _index = new(filesPerPeerMax);

    public SessionReply Ask(IRequest<SessionReply> request) => request switch
    {
        LoginRequest login => Reply(_index.Open(login.Peer, login.Incarnation, DateTimeOffset.MaxValue)),
        ShareRequest share => Reply(_index.Add(share.Peer, share.Incarnation, share.Files, Now)),
        UnshareRequest unshare => Reply(_index.Remove(unshare.Peer, unshare.Incarnation, unshare.ContentIds, Now)),
        KeepAliveRequest keep => Reply(_index.Renew(keep.Peer, keep.Incarnation, Now, DateTimeOffset.MaxValue)),
        _ => throw new ArgumentException("No such request.", nameof(request)),
    };

    public void Ask(LogoutRequest request) => _index.Close(request.Peer, request.Incarnation);

    /// <summary>To others, a session whose lease has ended is as one that has been closed.</summary>
    public void EndLease(string peer) => _index.Close(peer, long.MaxValue);

    public IReadOnlyList<Posting> Ask(SearchRequest request) =>
        _index.Search(SearchTerms.Words(request.Query), Math.Clamp(request.Limit, 0, resultsMax), Now);

    public IReadOnlyList<Posting> Ask(SourcesRequest request) => _index.Sources(request.ContentId, resultsMax, Now);

    public ListReply Ask(ListRequest request)
    {
        var page = _index.List(request.Limit, request.After, Now);
        return new ListReply(page.Postings, page.Next);
    }

    private static SessionReply Reply(bool live) => live ? new SessionReply(false, LeaseMs) : new SessionReply(true, 0);
}
