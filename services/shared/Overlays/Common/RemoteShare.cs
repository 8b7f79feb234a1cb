using P2PCloud.Contracts;

namespace P2PCloud.Overlays.Common;

/// <summary>Bounds and times of a <see cref="RemoteShare"/>.</summary>
public sealed record RemoteShareParameters
{
    /// <summary>Files in one message.</summary>
    public int BatchSize { get; init; } = 500;

    /// <summary>Files shared at most; further ones are left out.</summary>
    public int FilesMax { get; init; } = 100_000;

    /// <summary>Calls without an answer, one after the other, after which the session counts as lost.</summary>
    public int MissesMax { get; init; } = 2;

    /// <summary>Time before a call without an answer is made again; 50 % jitter.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromMilliseconds(250);
}

/// <summary>
/// A peer's shared files in an index at another node, where they live as long as the peer's session: everything is uploaded when a
/// session opens, changes follow one after the other, and the session is kept alive at a third of its lease with 10 % jitter.
/// Part of an engine, which opens sessions; Napster and KaZaA share it.
/// </summary>
public sealed class RemoteShare
{
    private const double KeepAliveJitter = 0.1;
    private const double RetryJitter = 0.5;

    private readonly Engine _engine;
    private readonly IIndexPort _port;
    private readonly RemoteShareParameters _parameters;
    private readonly HashSet<SharedFile> _files = [];
    private readonly Queue<Change> _changes = new();
    private long _session;
    private long _keepAlive;
    private int _misses;
    private bool _open;

    /// <summary>No files, no session.</summary>
    public RemoteShare(Engine engine, IIndexPort port, RemoteShareParameters parameters)
    {
        _engine = engine;
        _port = port;
        _parameters = parameters;
    }

    /// <summary>Files that the peer shares, in the index or not yet.</summary>
    public int Count => _files.Count;

    /// <summary>True when the session is open and the index has every change.</summary>
    public bool IsComplete => _open && _changes.Count == 0;

    /// <summary>A session is open now: uploads everything and keeps it alive.</summary>
    public void Opened(TimeSpan lease)
    {
        Close();
        _open = true;
        _misses = 0;
        Enqueue([.. _files], [], null);
        KeepAliveLater(lease / 3, _session);
        Next(_session);
    }

    /// <summary>The session is over: changes wait for the next one, and who waits for them is told so.</summary>
    public void Close()
    {
        _open = false;
        _session++;
        _engine.Cancel(_keepAlive);
        List<Change> waiting = [.. _changes];
        _changes.Clear();
        waiting.ForEach(change => change.Done?.Invoke(Done.NotYet));
    }

    /// <summary>Shares files; calls back when the index has them, or when it cannot have them now.</summary>
    public void Share(IReadOnlyList<SharedFile> files, Action<Done> done)
    {
        List<SharedFile> added = [.. files.Take(_parameters.FilesMax - _files.Count)];
        _files.UnionWith(added);
        Apply(added, [], done);
    }

    /// <summary>Stops sharing contents; calls back when the index no longer has them, or when it cannot be told now.</summary>
    public void Unshare(IReadOnlyList<string> contentIds, Action<Done> done)
    {
        var removed = contentIds.ToHashSet(StringComparer.Ordinal);
        _files.RemoveWhere(file => removed.Contains(file.ContentId));
        Apply([], [.. removed.Order(StringComparer.Ordinal)], done);
    }

    private void Apply(List<SharedFile> added, List<string> removed, Action<Done> done)
    {
        if (!_open)
        {
            done(Done.NotYet);
        }
        else if (added.Count == 0 && removed.Count == 0)
        {
            done(Done.Yes);
        }
        else
        {
            var idle = _changes.Count == 0;
            Enqueue(added, removed, done);
            if (idle)
            {
                Next(_session);
            }
        }
    }

    private void Enqueue(List<SharedFile> added, List<string> removed, Action<Done>? done)
    {
        List<Change> batches =
        [
            .. added.Chunk(_parameters.BatchSize).Select(files => new Change(files, [], null)),
            .. removed.Chunk(_parameters.BatchSize).Select(contentIds => new Change([], contentIds, null)),
        ];
        for (var i = 0; i < batches.Count; i++)
        {
            _changes.Enqueue(i == batches.Count - 1 ? batches[i] with { Done = done } : batches[i]);
        }
    }

    private void Next(long session)
    {
        if (session != _session || !_changes.TryPeek(out var change))
        {
            return;
        }

        Action<IndexAnswer> answered = answer => Answered(session, answer);
        if (change.Removed.Count > 0)
        {
            _port.Remove(change.Removed, answered);
        }
        else
        {
            _port.Add(change.Added, answered);
        }
    }

    private void Answered(long session, IndexAnswer answer)
    {
        if (!Survives(session, answer))
        {
            return;
        }

        if (answer is IndexAnswer.None)
        {
            _engine.After(_engine.Random.NextAround(_parameters.RetryDelay, RetryJitter), () => Next(session));
            return;
        }

        var change = _changes.Dequeue();
        Next(session);
        change.Done?.Invoke(Done.Yes);
    }

    private void KeepAliveLater(TimeSpan delay, long session) =>
        _keepAlive = _engine.After(_engine.Random.NextAround(delay, KeepAliveJitter), () => _port.KeepAlive(answer =>
        {
            if (Survives(session, answer))
            {
                KeepAliveLater(answer is IndexAnswer.None ? _parameters.RetryDelay : delay, session);
            }
        }));

    private bool Survives(long session, IndexAnswer answer)
    {
        if (session != _session)
        {
            return false;
        }

        _misses = answer is IndexAnswer.None ? _misses + 1 : 0;
        if (answer is not IndexAnswer.Gone && _misses < _parameters.MissesMax)
        {
            return true;
        }

        Close();
        _port.Lost(answer);
        return false;
    }

    private sealed record Change(IReadOnlyList<SharedFile> Added, IReadOnlyList<string> Removed, Action<Done>? Done);
}
