using System.Diagnostics.Metrics;

namespace P2PCloud.Gateway.Membership;

/// <summary>Metrics of the membership view.</summary>
internal sealed class MembershipMetrics
{
    /// <summary>Name of the gateway's meter.</summary>
    public const string MeterName = "P2PCloud.Gateway";

    private readonly Counter<long> _refreshes;
    private readonly Gauge<int> _members;

    public MembershipMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        _refreshes = meter.CreateCounter<long>("p2p.membership.refreshes", "{refresh}", "Questions to BOOT for the members, by outcome.");
        _members = meter.CreateGauge<int>("p2p.membership.members", "{member}", "Members in the gateway's view, by overlay.");
    }

    public void Refreshed(string peersOverlay, int peers, string leadersOverlay, int leaders)
    {
        _refreshes.Add(1, new KeyValuePair<string, object?>("p2p.outcome", "ok"));
        _members.Record(peers, new KeyValuePair<string, object?>("p2p.overlay", peersOverlay));
        _members.Record(leaders, new KeyValuePair<string, object?>("p2p.overlay", leadersOverlay));
    }

    public void NotRefreshed() => _refreshes.Add(1, new KeyValuePair<string, object?>("p2p.outcome", "unreachable"));
}
