using P2PCloud.Contracts;
using P2PCloud.Overlays.Common;

namespace P2PCloud.Overlays.Gnutella;

/// <summary>What this servent shares, indexed by word.</summary>
internal sealed class LocalFiles
{
    private readonly FileIndex _index;
    private readonly string _peer;

    public LocalFiles(string peer, int filesMax)
    {
        _index = new FileIndex(filesMax);
        _peer = peer;
        _index.Open(peer, 0, DateTimeOffset.MaxValue);
    }

    public int Count => _index.Count;

    /// <summary>Words of all names.</summary>
    public IEnumerable<string> Words => _index.Words;

    /// <summary>Sum of the files' sizes in bytes.</summary>
    public long Bytes { get; private set; }

    public void Add(IReadOnlyList<SharedFile> files, DateTimeOffset now) =>
        Change([.. files.Select(file => file.ContentId).Distinct()], now, () => _index.Add(_peer, 0, files, now));

    public void Remove(IReadOnlyList<string> contentIds, DateTimeOffset now) =>
        Change([.. contentIds.Distinct()], now, () => _index.Remove(_peer, 0, contentIds, now));

    public IReadOnlyList<Posting> Match(string query, int limit, DateTimeOffset now) => _index.Search(SearchTerms.Words(query), limit, now);

    private void Change(List<string> contentIds, DateTimeOffset now, Action change)
    {
        var before = Sum(contentIds, now);
        change();
        Bytes += Sum(contentIds, now) - before;
    }

    private long Sum(List<string> contentIds, DateTimeOffset now) =>
        contentIds.Sum(id => _index.Sources(id, int.MaxValue, now).Sum(posting => posting.Size));
}
