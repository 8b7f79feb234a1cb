using System.Diagnostics.Metrics;

namespace P2PCloud.CentralDirectory;

/// <summary>What the sweeper does.</summary>
public sealed class DirectoryMetrics : IDisposable
{
    private readonly Meter _meter = new("P2PCloud.Directory");
    private readonly Counter<long> _sessions;
    private readonly Counter<long> _postings;
    private readonly Counter<long> _failures;

    /// <summary>Creates the counters.</summary>
    public DirectoryMetrics()
    {
        _sessions = _meter.CreateCounter<long>("p2p.directory.sessions.expired", "{session}", "Sessions whose lease ended.");
        _postings = _meter.CreateCounter<long>("p2p.directory.postings.swept", "{posting}", "Postings of ended sessions that were freed.");
        _failures = _meter.CreateCounter<long>("p2p.directory.sweep.failures", "{sweep}", "Sweeps that Redis did not answer.");
        Swept(0, 0);
        _failures.Add(0);
    }

    /// <summary>A sweep that ended well.</summary>
    public void Swept(int sessions, int postings)
    {
        _sessions.Add(sessions);
        _postings.Add(postings);
    }

    /// <summary>A sweep that Redis did not answer.</summary>
    public void Failed() => _failures.Add(1);

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();
}
