using P2PCloud.Contracts;

namespace P2PCloud.Overlays.Common;

/// <summary>
/// An inverted index of who shares what: the heart of Napster's server and of a KaZaA group leader. A peer's entries live exactly as
/// long as its session, which has a lease; the session with the newest epoch replaces older ones.
/// </summary>
public sealed class FileIndex(int filesPerPeerMax)
{
    private readonly Dictionary<string, Session> _sessions = new(StringComparer.Ordinal);
    private readonly Dictionary<string, HashSet<Posting>> _byWord = new(StringComparer.Ordinal);
    private readonly Dictionary<string, HashSet<Posting>> _byContent = new(StringComparer.Ordinal);

    /// <summary>Peers with a live session, in ordinal order.</summary>
    public IReadOnlyList<string> Peers => [.. _sessions.Keys.Order(StringComparer.Ordinal)];

    /// <summary>Words of all names, in any order.</summary>
    public IEnumerable<string> Words => _byWord.Keys;

    /// <summary>Number of postings.</summary>
    public int Count => _sessions.Values.Sum(session => session.Files.Count);

    /// <summary>
    /// Opens a session without files; an older one of the same peer ends. One of the same epoch goes on with its files: the message came
    /// twice, and the peer may have shared them in between.
    /// </summary>
    /// <returns>False when a session of a newer epoch exists.</returns>
    public bool Open(string peer, long epoch, DateTimeOffset expiry)
    {
        if (_sessions.TryGetValue(peer, out var old) && old.Epoch > epoch)
        {
            return false;
        }

        if (old?.Epoch == epoch)
        {
            old.Expiry = expiry;
            return true;
        }

        Close(peer);
        _sessions[peer] = new Session(epoch, expiry);
        return true;
    }

    /// <summary>Extends a session.</summary>
    /// <returns>False when there is no live session of this epoch.</returns>
    public bool Renew(string peer, long epoch, DateTimeOffset now, DateTimeOffset expiry)
    {
        if (Find(peer, epoch, now) is not { } session)
        {
            return false;
        }

        session.Expiry = expiry;
        return true;
    }

    /// <summary>Adds files. The same content under another name is a posting of its own. Beyond the limit the rest is left out.</summary>
    /// <returns>False when there is no live session of this epoch.</returns>
    public bool Add(string peer, long epoch, IEnumerable<SharedFile> files, DateTimeOffset now)
    {
        if (Find(peer, epoch, now) is not { } session)
        {
            return false;
        }

        foreach (var file in files)
        {
            var posting = Posting.Of(file, peer);
            if (session.Files.Count < filesPerPeerMax && session.Files.Add(posting))
            {
                Link(_byContent, file.ContentId, posting);
                foreach (var word in SearchTerms.Words(file.Name))
                {
                    Link(_byWord, word, posting);
                }
            }
        }

        return true;
    }

    /// <summary>Takes contents out, under all their names.</summary>
    /// <returns>False when there is no live session of this epoch.</returns>
    public bool Remove(string peer, long epoch, IEnumerable<string> contentIds, DateTimeOffset now)
    {
        if (Find(peer, epoch, now) is not { } session)
        {
            return false;
        }

        foreach (var contentId in contentIds)
        {
            DropAll(session, Sources(contentId, int.MaxValue, now).Where(posting => posting.Peer == peer));
        }

        return true;
    }

    /// <summary>Ends a session of this epoch or an older one.</summary>
    public void Close(string peer, long epoch)
    {
        if (_sessions.TryGetValue(peer, out var session) && session.Epoch <= epoch)
        {
            Close(peer);
        }
    }

    /// <summary>Ends the sessions whose lease is over.</summary>
    /// <returns>Whose they were, in ordinal order.</returns>
    public IReadOnlyList<string> Expire(DateTimeOffset now)
    {
        List<string> ended = [.. _sessions.Where(entry => entry.Value.Expiry <= now).Select(entry => entry.Key).Order(StringComparer.Ordinal)];
        ended.ForEach(Close);
        return ended;
    }

    /// <summary>Whether the peer has a live session of this epoch.</summary>
    public bool Has(string peer, long epoch, DateTimeOffset now) => Find(peer, epoch, now) is not null;

    /// <summary>Postings of live sessions whose names contain all words, in the common order, at most <paramref name="limit"/>.</summary>
    public IReadOnlyList<Posting> Search(IReadOnlyList<string> words, int limit, DateTimeOffset now)
    {
        var sets = new List<HashSet<Posting>>(words.Count);
        foreach (var word in words)
        {
            if (!_byWord.TryGetValue(word, out var set))
            {
                return [];
            }

            sets.Add(set);
        }

        return sets.Count == 0
            ? []
            : Live(sets.MinBy(set => set.Count)!.Where(posting => sets.All(set => set.Contains(posting))), now).InCommonOrder(limit);
    }

    /// <summary>Postings of one content.</summary>
    public IReadOnlyList<Posting> Sources(string contentId, int limit, DateTimeOffset now) =>
        _byContent.TryGetValue(contentId, out var set) ? Live(set, now).InCommonOrder(limit) : [];

    /// <summary>A page of all postings ordered by content id; whole contents only, at least <paramref name="limit"/> postings when there are so many.</summary>
    public ListPage List(int limit, string? after, DateTimeOffset now)
    {
        var page = new List<Posting>();
        var contents = _byContent.Keys.Where(id => after is null || string.CompareOrdinal(id, after) > 0).Order(StringComparer.Ordinal);
        string? last = null;
        foreach (var contentId in contents)
        {
            if (page.Count >= limit)
            {
                return new ListPage(page, last);
            }

            page.AddRange(Live(_byContent[contentId], now).InCommonOrder(int.MaxValue));
            last = contentId;
        }

        return new ListPage(page, null);
    }

    private Session? Find(string peer, long epoch, DateTimeOffset now) =>
        _sessions.TryGetValue(peer, out var session) && session.Epoch == epoch && now < session.Expiry ? session : null;

    private IEnumerable<Posting> Live(IEnumerable<Posting> postings, DateTimeOffset now) =>
        postings.Where(posting => now < _sessions[posting.Peer].Expiry);

    private void Close(string peer)
    {
        if (_sessions.Remove(peer, out var session))
        {
            DropAll(session, [.. session.Files]);
        }
    }

    private void DropAll(Session session, IEnumerable<Posting> postings)
    {
        foreach (var posting in postings)
        {
            session.Files.Remove(posting);
            Unlink(_byContent, posting.ContentId, posting);
            foreach (var word in SearchTerms.Words(posting.Name))
            {
                Unlink(_byWord, word, posting);
            }
        }
    }

    private static void Link(Dictionary<string, HashSet<Posting>> index, string key, Posting posting)
    {
        if (!index.TryGetValue(key, out var set))
        {
            index[key] = set = [];
        }

        set.Add(posting);
    }

    private static void Unlink(Dictionary<string, HashSet<Posting>> index, string key, Posting posting)
    {
        if (index.TryGetValue(key, out var set) && set.Remove(posting) && set.Count == 0)
        {
            index.Remove(key);
        }
    }

    private sealed class Session(long epoch, DateTimeOffset expiry)
    {
        public long Epoch { get; } = epoch;

        public DateTimeOffset Expiry { get; set; } = expiry;

        public HashSet<Posting> Files { get; } = [];
    }
}

/// <summary>A page of a <see cref="FileIndex"/>; <paramref name="Next"/> is null at the end.</summary>
public sealed record ListPage(IReadOnlyList<Posting> Postings, string? Next);
