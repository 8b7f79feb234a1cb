using P2PCloud.Contracts;
using P2PCloud.Overlays.Common;

namespace P2PCloud.Simulation.Scenarios;

/// <summary>Who shares what, as an observer outside knows it.</summary>
internal sealed class FileLedger(Func<TimeSpan> now)
{
    private readonly Dictionary<Posting, Entry> _entries = [];

    /// <summary>A peer was told to share a file.</summary>
    public void Began(Posting posting) => _entries[posting] = new Entry();

    /// <summary>The overlay has acknowledged it.</summary>
    public void Acknowledged(Posting posting)
    {
        if (_entries.TryGetValue(posting, out var entry) && entry.Ended is null)
        {
            entry.Acknowledged ??= now();
        }
    }

    /// <summary>The peer was told not to share a file any more; it may be found until it has answered.</summary>
    public void Leaving(Posting posting)
    {
        if (_entries.TryGetValue(posting, out var entry))
        {
            entry.Acknowledged = TimeSpan.MaxValue;
        }
    }

    /// <summary>The peer is gone, or has stopped sharing the file.</summary>
    public void Ended(Posting posting)
    {
        if (_entries.TryGetValue(posting, out var entry))
        {
            entry.Ended ??= now();
        }
    }

    /// <summary>What a search returned though it was never shared, or not for longer than <paramref name="grace"/>.</summary>
    public string? WhyWrong(Posting posting, TimeSpan grace) =>
        !_entries.TryGetValue(posting, out var entry) ? "was never shared"
        : entry.Ended is { } ended && now() - ended > grace ? $"ended {now() - ended:c} ago"
        : null;

    /// <summary>Postings that match, acknowledged before a time and still shared.</summary>
    public IEnumerable<Posting> Stable(IReadOnlyList<string> words, TimeSpan before) => _entries
        .Where(entry => entry.Value.Ended is null && entry.Value.Acknowledged < before && SearchTerms.Matches(words, entry.Key.Name))
        .Select(entry => entry.Key);

    /// <summary>Forgets what ended long ago.</summary>
    public void Forget(TimeSpan age)
    {
        foreach (var posting in _entries.Where(entry => now() - entry.Value.Ended > age).Select(entry => entry.Key).ToList())
        {
            _entries.Remove(posting);
        }
    }

    private sealed class Entry
    {
        public TimeSpan? Acknowledged { get; set; }

        public TimeSpan? Ended { get; set; }
    }
}
