using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using P2PCloud.Chart.Tests.Kinds;
using P2PCloud.Contracts;
using P2PCloud.Sidecar;

namespace P2PCloud.Chart.Tests;

/// <summary>Clouds whose sidecars enforce access-control lists and the chart's policies for calls, and all calls that these saw.</summary>
internal sealed partial class GuardedClouds(AccessLists lists, TimeSpan limit)
{
    private const int Peers = 8;
    private const int Supernodes = 3;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private readonly ConcurrentDictionary<Call, bool> _allowed = new();
    private readonly ConcurrentDictionary<Call, bool> _refused = new();
    private readonly ConcurrentQueue<EndedCall> _ended = new();
    private readonly IReadOnlyList<DaprResiliency> _policies = [.. Sets.Render("defaults").All<DaprResiliency>()];

    /// <summary>Calls that reached their callees.</summary>
    public IEnumerable<Call> Allowed => _allowed.Keys;

    /// <summary>Calls that a service made and its callee's sidecar refused.</summary>
    public IEnumerable<Call> Refused => _refused.Keys;

    /// <summary>Calls that a policy of their caller's sidecar has ended: by a time-out, or by a circuit breaker that was open.</summary>
    public IReadOnlyCollection<EndedCall> Ended => _ended;

    /// <summary>Entries of the lists that no call has used.</summary>
    public IEnumerable<Call> Unused => lists.Entries.Except(_allowed.Keys);

    /// <summary>Whether a peer that led has stepped down.</summary>
    public bool SteppedDown { get; private set; }

    /// <summary>Starts a cloud.</summary>
    public Task<SidecarCloud> StartAsync(
        int peers, CancellationToken cancellationToken, string routing = "fingers", Action<string, WebApplicationBuilder>? configure = null) =>
        SidecarCloud.StartAsync(
            new SidecarCloudOptions
            {
                Peers = peers,
                Supernodes = Supernodes,
                Lease = TimeSpan.FromSeconds(2),
                Release = AccessLists.Release,
                Settings = new Dictionary<string, string?>
                {
                    ["Overlays:ChordRouting"] = routing,
                    ["Overlays:KazaaMinUptime"] = "00:00:00",
                    ["Overlays:ShufflePeriod"] = "00:00:00.200",
                    // So few children that peers lead, too.
                    ["Supernode:ChildrenMax"] = "1",
                },
                Configure = configure,
                Sidecar = (app, settings) => WithPolicies(settings) with
                {
                    Namespace = AccessLists.Namespace,
                    AccessControl = lists.Of(app),
                    Checked = Note,
                    Ended = _ended.Enqueue,
                },
            },
            cancellationToken);

    /// <summary>Has a ring with full routing tell its members of a node that leaves and comes back.</summary>
    public async Task TellEventsAsync(CancellationToken cancellationToken)
    {
        await using var cloud = await StartAsync(3, cancellationToken, routing: "full");
        var last = AppIds.Peer(2);
        using var timer = new PeriodicTimer(limit);
        var end = timer.WaitForNextTickAsync(cancellationToken).AsTask();
        while (!end.IsCompleted && !_allowed.Keys.Any(call => call.Path == "/chord/events"))
        {
            await cloud.Cloud.StopServiceAsync(last, cancellationToken);
            await Task.Delay(Pause, TimeProvider.System, cancellationToken);
            await cloud.Cloud.RestartPeerAsync(2, cancellationToken);
            await cloud.Cloud.WaitUntilReadyAsync(cancellationToken);
            await Task.Delay(Pause * 10, TimeProvider.System, cancellationToken);
        }
    }

    /// <summary>
    /// Lets two peers lead beside the supernodes, one while the others cannot reach the first, so that they link with each other and the one
    /// with the greater name steps down later; stops a supernode and a peer; and uses the cloud until every entry is used or the time is over.
    /// </summary>
    public async Task UseAllAsync(CancellationToken cancellationToken)
    {
        await using var cloud = await StartAsync(Peers, cancellationToken);
        using var timer = new PeriodicTimer(limit);
        var end = timer.WaitForNextTickAsync(cancellationToken).AsTask();
        var first = await PromotedAsync(cloud, end, cancellationToken);
        cloud.BlackHole(first);
        var second = await PromotedAsync(cloud, end, cancellationToken, other: first);
        cloud.Reopen(first);
        await cloud.Cloud.StopServiceAsync(AppIds.Supernode(Supernodes - 1), cancellationToken);
        await cloud.Cloud.StopServiceAsync(
            Enumerable.Range(0, Peers).Select(AppIds.Peer).Last(peer => peer != first && peer != second), cancellationToken);
        for (var number = 0; number < Peers; number++)
        {
            await ShareAsync(cloud.Http, number, $"la la lala {number}", cancellationToken);
        }

        var bothLed = false;
        for (var round = 0; !end.IsCompleted && (!SteppedDown || Unused.Any()); round++)
        {
            await UseAsync(cloud.Http, round, cancellationToken);
            var leaders = await LeadersAsync(cloud, cancellationToken);
            var bothLead = leaders.Contains(first) && leaders.Contains(second);
            SteppedDown |= bothLed && !bothLead && leaders.Count > 0;
            bothLed |= bothLead;
            if (SteppedDown && Unused.Any() && leaders.Count > 0)
            {
                await HideAsync(cloud, leaders[0], cancellationToken);
            }
        }
    }

    /// <summary>Lets a leading peer's neighbours lose it and find it again: which of the two asks for the new link is chance.</summary>
    private static async Task HideAsync(SidecarCloud cloud, string leader, CancellationToken cancellationToken)
    {
        cloud.BlackHole(leader);
        await Task.Delay(Pause * 50, TimeProvider.System, cancellationToken);
        cloud.Reopen(leader);
        await Task.Delay(Pause * 25, TimeProvider.System, cancellationToken);
    }

    /// <summary>Asks the gateway. What it answers is other tests' business: these look at calls.</summary>
    public static async Task AskAsync(HttpClient http, HttpMethod method, string path, CancellationToken cancellationToken, string? body = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : new StringContent(body) };
        using var answer = await http.SendAsync(request, cancellationToken);
        await answer.Content.CopyToAsync(Stream.Null, cancellationToken);
    }

    private static async Task UseAsync(HttpClient http, int round, CancellationToken cancellationToken)
    {
        var text = $"na na nananana {round}";
        var contentId = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
        await ShareAsync(http, round, text, cancellationToken);
        string[] ways = ["napster", "kazaa", "chord&mode=recursive", "chord&mode=iterative", "gnutella", "gnutella&mode=random-walk"];
        foreach (var (way, number) in ways.Select((way, number) => (way, number + round)))
        {
            await AskAsync(http, HttpMethod.Get, $"/api/v1/lookups?q=jude&technique={way}&from={NameOf(number)}", cancellationToken);
            await AskAsync(http, HttpMethod.Get, $"/api/v1/lookups?q=jude&technique=kazaa&from={NameOf(number + ways.Length)}", cancellationToken);
            await AskAsync(http, HttpMethod.Put, $"/api/v1/keys/greeting-{number}?from={NameOf(number)}", cancellationToken, "hey jude");
            await AskAsync(http, HttpMethod.Get, $"/api/v1/keys/greeting-{number}?from={NameOf(number + 1)}", cancellationToken);
        }

        await AskAsync(http, HttpMethod.Get, "/api/v1/files", cancellationToken);
        await AskAsync(http, HttpMethod.Head, $"/api/v1/files/{contentId}", cancellationToken);
        await AskAsync(http, HttpMethod.Get, $"/api/v1/files/{contentId}", cancellationToken);
        await AskAsync(http, HttpMethod.Get, $"/api/v1/files/{new string('0', 64)}", cancellationToken);
        await AskAsync(http, HttpMethod.Delete, $"/api/v1/keys/greeting-{round}", cancellationToken);
        await AskAsync(http, HttpMethod.Delete, $"/api/v1/files/{contentId}", cancellationToken);
        await AskAsync(http, HttpMethod.Get, "/api/v1/topology", cancellationToken);
    }

    private static Task ShareAsync(HttpClient http, int peer, string text, CancellationToken cancellationToken) =>
        AskAsync(http, HttpMethod.Put, $"/api/v1/files?name=hey%20jude.txt&peer={NameOf(peer)}", cancellationToken, text);

    private static string NameOf(int number) => AccessLists.Release + AppIds.Peer(number % Peers);

    /// <summary>Waits until a peer leads, other than the one given.</summary>
    /// <returns>Its app id without the release's name; the last peer's when the time is over, and entries will be left unused.</returns>
    private static async Task<string> PromotedAsync(SidecarCloud cloud, Task end, CancellationToken cancellationToken, string? other = null)
    {
        while (!end.IsCompleted)
        {
            if ((await LeadersAsync(cloud, cancellationToken)).FirstOrDefault(app => app != other) is { } promoted)
            {
                return promoted;
            }

            await Task.Delay(Pause, TimeProvider.System, cancellationToken);
        }

        return AppIds.Peer(Peers - 1);
    }

    /// <summary>The peers that lead, without the release's name; none when the gateway does not answer.</summary>
    private static async Task<IReadOnlyList<string>> LeadersAsync(SidecarCloud cloud, CancellationToken cancellationToken)
    {
        using var answer = await cloud.Http.GetAsync(new Uri("/api/v1/topology", UriKind.Relative), cancellationToken);
        if (!answer.IsSuccessStatusCode)
        {
            return [];
        }

        var topology = await answer.Content.ReadFromJsonAsync(ContractsJsonContext.Default.Topology, cancellationToken);
        return [.. topology!.Leaders.Select(leader => leader.Leader[AccessLists.Release.Length..]).Where(app => AccessLists.ComponentOf(app) == "peer")];
    }

    private void Note(CheckedCall call) =>
        (call.IsAllowed ? _allowed : _refused)[new Call(AccessLists.ComponentOf(call.Callee), AccessLists.ComponentOf(call.Caller), call.Verb, call.Path)] = true;

    /// <summary>The policies that the chart renders for an app: where it renders none, there is none.</summary>
    public SidecarSettings WithPolicies(SidecarSettings settings)
    {
        if (_policies.SingleOrDefault(it => it.Scopes!.Contains(settings.AppId))?.Spec.Policies is not { } policies)
        {
            return settings;
        }

        var breaker = policies.CircuitBreakers?["DefaultAppCircuitBreakerPolicy"];
        return settings with
        {
            CallTimeout = policies.Timeouts is { } timeouts ? Duration(timeouts["DefaultAppTimeoutPolicy"]) : null,
            Breaker = breaker is null
                ? null
                : new Sidecar.BreakerPolicy(
                    int.Parse(Trip().Match(breaker.Trip!).Groups[1].ValueSpan, CultureInfo.InvariantCulture),
                    Duration(breaker.Interval!),
                    Duration(breaker.Timeout!)),
            RetryInterval = policies.Retries is { } retries ? Duration(retries["DaprBuiltInServiceRetries"].Duration!) : settings.RetryInterval,
        };
    }

    private static TimeSpan Duration(string text) => text.EndsWith("ms", StringComparison.Ordinal)
        ? TimeSpan.FromMilliseconds(int.Parse(text[..^2], CultureInfo.InvariantCulture))
        : TimeSpan.FromSeconds(int.Parse(text.TrimEnd('s'), CultureInfo.InvariantCulture));

    [GeneratedRegex("^consecutiveFailures >= ([0-9]+)$")]
    private static partial Regex Trip();
}
