using P2PCloud.Contracts;

namespace P2PCloud.Overlays.Flooding;

/// <summary>
/// Queries a second that a node takes from each neighbour: a token bucket for each link, and one for all senders without a link.
/// </summary>
public sealed class QueryLimiter
{
    private const string Strangers = "";

    private readonly Dictionary<string, Bucket> _buckets = new(StringComparer.Ordinal);
    private readonly double _rate;
    private readonly double _burst;

    /// <summary>Full buckets.</summary>
    /// <param name="rate">Tokens a second, above 0.</param>
    /// <param name="burst">Tokens in a full bucket, at least 1.</param>
    public QueryLimiter(double rate, int burst)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(rate);
        ArgumentOutOfRangeException.ThrowIfLessThan(burst, 1);
        _rate = rate;
        _burst = burst;
    }

    /// <summary>Takes a token.</summary>
    /// <param name="sender">Who sent the query.</param>
    /// <param name="links">Neighbours now; buckets of former ones are dropped.</param>
    /// <param name="now">Never earlier than at the call before.</param>
    /// <returns>False when the bucket is empty: the query must be dropped.</returns>
    public bool TryTake(NodeRef sender, IReadOnlyList<NodeRef> links, DateTimeOffset now)
    {
        var key = links.Contains(sender) ? sender.Name : Strangers;
        if (!_buckets.TryGetValue(key, out var bucket))
        {
            DropFormer(links);
            _buckets[key] = bucket = new Bucket(_burst, now);
        }

        return bucket.TryTake(_rate, _burst, now);
    }

    private void DropFormer(IReadOnlyList<NodeRef> links)
    {
        var current = links.Select(link => link.Name).Append(Strangers).ToHashSet(StringComparer.Ordinal);
        foreach (var former in _buckets.Keys.Where(name => !current.Contains(name)).ToList())
        {
            _buckets.Remove(former);
        }
    }

    private sealed class Bucket(double tokens, DateTimeOffset at)
    {
        private double _tokens = tokens;
        private DateTimeOffset _at = at;

        public bool TryTake(double rate, double burst, DateTimeOffset now)
        {
            _tokens = Math.Min(burst, _tokens + ((now - _at).TotalSeconds * rate));
            _at = now;
            if (_tokens < 1)
            {
                return false;
            }

            _tokens--;
            return true;
        }
    }
}
