using Microsoft.Extensions.Options;
using P2PCloud.Contracts;
using P2PCloud.Contracts.Boot;
using P2PCloud.OverlayHosting;
using P2PCloud.Overlays.Common;

namespace P2PCloud.Gateway.Membership;

/// <summary>
/// Who is in the cloud, as BOOT said last. It is asked at intervals, and at once when a request names a peer that is not known. While
/// BOOT does not answer the last view stays in use: lookups do not need BOOT.
/// </summary>
internal sealed partial class MembershipView(
    WireClient wire, TimeProvider time, MembershipMetrics metrics, IOptions<GatewayOptions> options, ILogger<MembershipView> logger)
    : BackgroundService
{
    private const double Jitter = 0.2;

    private static readonly NodeRef Bootstrap = new(AppIds.Bootstrap);

    private readonly SemaphoreSlim _asking = new(1);
    private readonly IRandom _random = Seeds.Fresh();
    private volatile MembershipSnapshot? _current;
    private long? _askedAt;

    /// <summary>When BOOT answered again after it had not; null: it always has.</summary>
    private long? _answersSince;
    private int _failures;

    /// <summary>True when BOOT has answered at least once.</summary>
    public bool Loaded => _current is not null;

    /// <summary>The last view; empty before the first.</summary>
    public MembershipSnapshot Current => _current ?? MembershipSnapshot.Empty;

    /// <summary>The view, asked for again when it is older than the time between two misses.</summary>
    public async Task<MembershipSnapshot> RecentAsync(CancellationToken cancellationToken)
    {
        await AskAsync(options.Value.MembershipMissRefresh, cancellationToken);
        return Current;
    }

    /// <summary>A peer by app-id; null when BOOT does not know it either.</summary>
    public async Task<NodeRef?> FindAsync(string app, CancellationToken cancellationToken) =>
        Current.Find(app) ?? (await RecentAsync(cancellationToken)).Find(app);

    /// <inheritdoc/>
    public override void Dispose()
    {
        _asking.Dispose();
        base.Dispose();
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                await AskAsync(TimeSpan.Zero, stoppingToken);
                await Task.Delay(_random.NextAround(Interval(), Jitter), time, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }

    private TimeSpan Interval()
    {
        var grown = options.Value.MembershipRefresh * Math.Pow(2, Math.Min(_failures, 16));
        return grown < options.Value.MembershipRefreshMax ? grown : options.Value.MembershipRefreshMax;
    }

    private async Task AskAsync(TimeSpan unlessWithin, CancellationToken cancellationToken)
    {
        await _asking.WaitAsync(cancellationToken);
        try
        {
            if (_askedAt is not { } askedAt || time.GetElapsedTime(askedAt) >= unlessWithin)
            {
                await AskOnceAsync(cancellationToken);
                _askedAt = time.GetTimestamp();
            }
        }
        finally
        {
            _asking.Release();
        }
    }

    private async Task AskOnceAsync(CancellationToken cancellationToken)
    {
        try
        {
            var replies = await Task.WhenAll(
                MembersAsync(OverlayNames.Peers, cancellationToken), MembersAsync(OverlayNames.KazaaLeaders, cancellationToken));
            _answersSince = _failures > 0 ? time.GetTimestamp() : _answersSince;
            var view = new MembershipSnapshot(replies[0], replies[1]);
            _current = _answersSince is { } since && time.GetElapsedTime(since) < options.Value.MembershipGrace ? view.With(Current) : view;
            metrics.Refreshed(OverlayNames.Peers, replies[0].Count, OverlayNames.KazaaLeaders, replies[1].Count);
            if (_failures > 0)
            {
                BootstrapAnswersAgain(logger, _failures);
            }

            _failures = 0;
        }
        catch (NodeUnreachableException failure)
        {
            metrics.NotRefreshed();
            if (_failures++ == 0)
            {
                BootstrapDoesNotAnswer(logger, failure.Message);
            }
        }
    }

    private async Task<IReadOnlyList<Member>> MembersAsync(string overlay, CancellationToken cancellationToken)
    {
        var reply = await wire.AskAsync(Bootstrap, new MembersRequest(overlay), options.Value.BootstrapTimeout, cancellationToken);
        return [.. reply.Members.OrderBy(member => member.Node.App, AppIdOrder.Instance)];
    }

    [LoggerMessage(EventId = 1501, EventName = "BootstrapDoesNotAnswer", Level = LogLevel.Warning,
        Message = "The view of the members is not refreshed: {Reason}")]
    private static partial void BootstrapDoesNotAnswer(ILogger logger, string reason);

    [LoggerMessage(EventId = 1502, EventName = "BootstrapAnswersAgain", Level = LogLevel.Information,
        Message = "The view of the members is refreshed again after {Failures} failures")]
    private static partial void BootstrapAnswersAgain(ILogger logger, int failures);
}
