using Docker.DotNet;
using P2PCloud.ClusterLoad;

namespace P2PCloud.Cluster.Tests;

/// <summary>The cluster that the scenarios have in common, and the report on all of them.</summary>
public sealed class ClusterFixture : IAsyncDisposable
{
    private static readonly TimeSpan ReadyLimit = TimeSpan.FromSeconds(90);

    private readonly ReportTable _report = new();
    private DockerClient? _engine;
    private ClusterTopology? _cluster;

    /// <summary>Where reports, histories and logs go.</summary>
    public static string Artifacts { get; } = Path.Combine(RepositoryRoot(), "artifacts");

    /// <summary>A cluster with all members well and no others; one of another mode is given up. Skips the test where there is no engine.</summary>
    public async Task<ClusterTopology> HealthyAsync(CallMode mode, CancellationToken cancellationToken)
    {
        _engine ??= await Engine.ConnectAsync(cancellationToken);
        if (_cluster is { } other && other.Mode != mode)
        {
            _cluster = null;
            await other.DisposeAsync();
        }

        if (_cluster is null)
        {
            _cluster = await ClusterTopology.StartAsync(_engine, mode, cancellationToken);
            await _cluster.WaitUntilConvergedAsync(ReadyLimit, cancellationToken);
            return _cluster;
        }

        foreach (var app in ClusterTopology.AllMembers)
        {
            if (!await _cluster.IsWellAsync(app, cancellationToken))
            {
                await _cluster.StartAsync(app, cancellationToken);
            }
        }

        foreach (var app in _cluster.Members.Except(ClusterTopology.AllMembers).ToList())
        {
            await _cluster.StopAsync(app, cancellationToken);
            await _cluster.RemoveAsync(app);
        }

        await _cluster.WaitUntilConvergedAsync(ReadyLimit, cancellationToken);
        return _cluster;
    }

    /// <summary>Adds a scenario to the report, which is written again.</summary>
    /// <param name="scenario">Its name.</param>
    /// <param name="result">What its history shows.</param>
    /// <param name="converged">Time from a mark until the cloud had converged, by the mark's name.</param>
    /// <param name="mustHold">What was asked of it.</param>
    public void Report(string scenario, CheckResult result, IReadOnlyList<KeyValuePair<string, TimeSpan>> converged, string mustHold)
    {
        _report.Add(scenario, result, converged, mustHold);
        Directory.CreateDirectory(Artifacts);
        File.WriteAllText(Path.Combine(Artifacts, "cluster-report.md"), _report.ToString());
    }

    /// <summary>Gives the cluster up after a failed scenario, so that the next one begins with a new one; its logs are kept.</summary>
    public async Task GiveUpAsync(string folder)
    {
        if (_cluster is { } cluster)
        {
            _cluster = null;
            try
            {
                await cluster.SaveLogsAsync(folder, CancellationToken.None);
            }
            finally
            {
                await cluster.DisposeAsync();
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_cluster is { } cluster)
        {
            await cluster.DisposeAsync();
        }

        _engine?.Dispose();
    }

    private static string RepositoryRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "P2PCloud.sln")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("The tests do not run inside the repository.");
        }

        return folder;
    }
}
