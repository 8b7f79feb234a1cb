using Microsoft.Extensions.Options;

namespace P2PCloud.Gateway.Files;

/// <summary>Who provided a content a moment ago: bounded in number and age, oldest out first. Thread-safe.</summary>
internal sealed class ProviderCache(TimeProvider time, IOptions<GatewayOptions> options)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);
    private readonly LinkedList<string> _byAge = new();

    /// <summary>App-ids of the providers; null when not known.</summary>
    public IReadOnlyList<string>? Find(string contentId)
    {
        lock (_lock)
        {
            return _entries.TryGetValue(contentId, out var entry) && time.GetElapsedTime(entry.Since) < options.Value.ProviderCacheAge
                ? entry.Peers
                : null;
        }
    }

    /// <summary>Remembers the providers.</summary>
    public void Put(string contentId, IReadOnlyList<string> peers)
    {
        lock (_lock)
        {
            Remove_NeedsLock(contentId);
            _entries[contentId] = new Entry(peers, time.GetTimestamp(), _byAge.AddLast(contentId));
            if (_entries.Count > options.Value.ProviderCacheEntries)
            {
                Remove_NeedsLock(_byAge.First!.Value);
            }
        }
    }

    /// <summary>Forgets the providers.</summary>
    public void Remove(string contentId)
    {
        lock (_lock)
        {
            Remove_NeedsLock(contentId);
        }
    }

    private void Remove_NeedsLock(string contentId)
    {
        if (_entries.Remove(contentId, out var entry))
        {
            _byAge.Remove(entry.Place);
        }
    }

    private sealed record Entry(IReadOnlyList<string> Peers, long Since, LinkedListNode<string> Place);
}
