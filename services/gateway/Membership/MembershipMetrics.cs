using System.Diagnostics.Metrics;
using P2PCloud.Contracts;

namespace P2PCloud.Gateway.Membership;

/// <summary>Metrics of the membership view.</summary>
internal sealed class MembershipMetrics
{
    /// <summary>Name of the gateway's meter.</summary>
    public const string MeterName = "P2PCloud.Gateway";

    private const string Ok = "ok";
    private const string Unreachable = "unreachable";

    private readonly Counter<long> _refreshes;
    private readonly Gauge<int> _members;

    public MembershipMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        _refreshes = meter.CreateCounter<long>("p2p.membership.refreshes", "{refresh}", "Questions to BOOT for the members, by outcome.");
        _members = meter.CreateGauge<int>("p2p.membership.members", "{member}", "Members in the gateway's view, by overlay.");
        CountRefreshes(Ok, 0);
        CountRefreshes(Unreachable, 0);
    }

    public void Refreshed(string peersOverlay, int peers, string leadersOverlay, int leaders)
    {
        CountRefreshes(Ok, 1);
        _members.Record(peers, new KeyValuePair<string, object?>("p2p.overlay", peersOverlay));
        _members.Record(leaders, new KeyValuePair<string, object?>("p2p.overlay", leadersOverlay));
    }

    public void NotRefreshed() => CountRefreshes(Unreachable, 1);

    private void CountRefreshes(string outcome, int count) =>
        _refreshes.Add(count, new KeyValuePair<string, object?>(TelemetryNames.Outcome, outcome));
}
