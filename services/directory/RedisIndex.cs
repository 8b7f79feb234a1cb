using Microsoft.Extensions.Options;
using P2PCloud.CentralDirectory.Redis;
using P2PCloud.Contracts;
using P2PCloud.Contracts.Napster;
using P2PCloud.Overlays.Common;
using StackExchange.Redis;

namespace P2PCloud.CentralDirectory;

/// <summary>
/// Questions to the index in Redis. Only postings of live sessions are answered. Sets are in the common order, so that a search ends with
/// its last result: it costs at most one look-up per word for each posting of the rarest word.
/// </summary>
public sealed class RedisIndex(IConnectionMultiplexer redis, IOptions<DirectoryOptions> options)
{
    /// <summary>Candidates that one script examines at most.</summary>
    public const int CandidatesMax = 500;

    /// <summary>Contents that one script lists at most.</summary>
    public const int ContentsMax = 100;

    /// <summary>Postings asked for in one list at most.</summary>
    public const int ListMax = 1000;

    private const string Start = "-";

    private readonly IDatabase _database = redis.GetDatabase();
    private readonly DirectoryOptions _options = options.Value;

    /// <summary>Postings whose names contain all words of the query.</summary>
    public Task<PostingsReply> SearchAsync(SearchRequest request, CancellationToken cancellationToken) =>
        IntersectAsync([.. SearchTerms.Words(request.Query).Select(DirectoryKeys.Word)], request.Limit, cancellationToken);

    /// <summary>Postings of one content.</summary>
    public Task<PostingsReply> SourcesAsync(SourcesRequest request, CancellationToken cancellationToken) =>
        IntersectAsync([DirectoryKeys.Content(OrderedText.Encode(request.ContentId))], _options.ResultsMax, cancellationToken);

    /// <summary>A page of all postings by content id: whole contents only, at least as many postings as asked for if there are.</summary>
    public async Task<ListReply> ListAsync(ListRequest request, CancellationToken cancellationToken)
    {
        RedisKey[] keys = [DirectoryKeys.Leases, DirectoryKeys.Contents];
        var limit = Math.Clamp(request.Limit, 1, ListMax);
        var page = new List<Posting>();
        RedisValue from = request.After is null ? Start : (RedisValue)(byte[])[(byte)'(', .. OrderedText.Encode(request.After)];
        do
        {
            var (next, postings) = await StepAsync(IndexScripts.List, keys, [from, ContentsMax], cancellationToken);
            foreach (var posting in postings.Select(Parse))
            {
                if (page.Count >= limit && page[^1].ContentId != posting.ContentId)
                {
                    return new ListReply(page, page[^1].ContentId);
                }

                page.Add(posting);
            }

            from = next;
        }
        while (!from.IsNullOrEmpty);

        return new ListReply(page, null);
    }

    private async Task<PostingsReply> IntersectAsync(RedisKey[] sets, int limit, CancellationToken cancellationToken)
    {
        var wanted = Math.Clamp(limit, 0, _options.ResultsMax);
        RedisKey[] keys = [DirectoryKeys.Leases, .. sets];
        RedisValue[] found = [];
        RedisValue from = Start;
        while (sets.Length > 0 && found.Length < wanted && !from.IsNullOrEmpty)
        {
            (from, found) = await StepAsync(IndexScripts.Intersect, keys, [from, wanted, CandidatesMax, .. found], cancellationToken);
        }

        return new PostingsReply([.. found.Select(Parse)]);
    }

    private async Task<(RedisValue Next, RedisValue[] Postings)> StepAsync(
        string script, RedisKey[] keys, RedisValue[] arguments, CancellationToken cancellationToken)
    {
        var answer = (RedisValue[])(await _database.ScriptEvaluateAsync(script, keys, arguments).WaitAsync(cancellationToken))!;
        return (answer[0], answer[1..]);
    }

    private static Posting Parse(RedisValue posting) => OrderedText.DecodePosting((byte[])posting!);
}
