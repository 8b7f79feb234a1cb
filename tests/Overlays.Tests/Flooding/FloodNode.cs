using P2PCloud.Contracts;
using P2PCloud.Contracts.Gnutella;
using P2PCloud.Overlays.Common;
using P2PCloud.Overlays.Flooding;

namespace P2PCloud.Overlays.Tests.Flooding;

/// <summary>A node with given links that only floods.</summary>
internal sealed class FloodNode : Engine, IFloodPort
{
    private readonly List<NodeRef> _links = [];

    public FloodNode(int number, FloodParameters parameters)
        : base(Ref(number), new SplitMix64((ulong)number)) => Flood = new Flood(this, this, parameters);

    public Flood Flood { get; }

    public HashSet<SharedFile> Files { get; } = [];

    public bool Silent { get; set; }

    public string Technique => Techniques.Gnutella;

    public int FirstHopIndex => 0;

    public IReadOnlyList<NodeRef> Links => _links;

    public static NodeRef Ref(int number) => new($"node-{number}");

    public void LinkWith(NodeRef node) => _links.Add(node);

    public IRequest<FloodReport> Message(FloodQuery query) => new QueryRequest(query.Guid, query.Ttl, query.Hops, query.Query, query.Limit);

    public IRequest<Ack> Message(FloodHit hit) => new QueryHitRequest(hit.Guid, hit.Ttl, hit.Hops, hit.Hits);

    public IReadOnlyList<Posting> Match(string query, int limit)
    {
        var words = SearchTerms.Words(query);
        return [.. Files.Where(file => SearchTerms.Matches(words, file.Name)).Take(limit).Select(file => Posting.Of(file, Self.App))];
    }

    public void Unreachable(NodeRef node, DateTimeOffset sentAt) => _links.Remove(node);

    protected override void OnStart()
    {
    }

    protected override void OnRequest(Input.Request request)
    {
        if (Silent)
        {
            return;
        }

        if (request.Body is QueryRequest query)
        {
            Flood.OnQuery(request, new FloodQuery(query.Guid, query.Ttl, query.Hops, query.Query, query.Limit));
        }
        else if (request.Body is QueryHitRequest hit)
        {
            Flood.OnHit(request, new FloodHit(hit.Guid, hit.Ttl, hit.Hops, hit.Hits));
        }
    }

    protected override void OnCommand(long commandId, ICommand command)
    {
        switch (command)
        {
            case SearchCommand search:
                var guid = Flood.NewGuid();
                Flood.Originate(guid, search.Query, search.Limit, result => Complete(
                    commandId, search, new SearchResult(guid.ToString(), result.Outcome, result.Postings, result.Hops, result.Messages)));
                break;
            case SendCommand send:
                Call(send.To, send.Query, TimeSpan.FromSeconds(1), reply => Complete(commandId, send, reply ?? FloodReport.Duplicate));
                break;
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }
}

/// <summary>Sends a query as it is.</summary>
internal sealed record SendCommand(NodeRef To, QueryRequest Query) : ICommand<FloodReport>;
