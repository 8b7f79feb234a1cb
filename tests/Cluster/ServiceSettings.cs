using P2PCloud.Contracts;

namespace P2PCloud.Cluster.Tests;

/// <summary>How the services of a cluster call each other.</summary>
public enum CallMode
{
    /// <summary>By name, each at its own address.</summary>
    Direct,

    /// <summary>Through two sidecar doubles, which are containers of their own.</summary>
    Dapr,
}

/// <summary>What each service of the cluster is told: the settings that the chart gives, with shorter leases.</summary>
public static class ServiceSettings
{
    /// <summary>Port of every service.</summary>
    public const int Port = 8080;

    /// <summary>Where a peer's volume is mounted. The image has this folder writable for all, and a new volume takes that over.</summary>
    public const string Data = "/tmp";

    /// <summary>What a sidecar wants to see from its app.</summary>
    public const string ApiToken = "from-app-to-sidecar";

    /// <summary>What an app wants to see from its sidecar; the gateway has other callers as well.</summary>
    public const string AppToken = "from-sidecar-to-app";

    /// <summary>Nodes of the Chord ring on each peer.</summary>
    public const int VirtualNodes = 2;

    private const string Lease = "00:00:10";

    /// <summary>In Dapr mode, a node that others could only reach at this address would not be reached.</summary>
    private const string Nowhere = "http://127.0.0.1:1";

    /// <summary>The image's service of an app-id: the part before the number.</summary>
    public static string ServiceOf(string app) => app.Split('-')[0];

    /// <summary>Environment of a service.</summary>
    public static Dictionary<string, string> Of(string app, CallMode mode)
    {
        var service = ServiceOf(app);
        var settings = new Dictionary<string, string>
        {
            ["ASPNETCORE_HTTP_PORTS"] = $"{Port}",
            ["DOTNET_gcServer"] = "0",
            ["shutdownTimeoutSeconds"] = "30",
            ["Logging__LogLevel__Default"] = "Information",
            ["Logging__LogLevel__Microsoft.AspNetCore"] = "Warning",
            ["Logging__Console__FormatterName"] = "json",
            ["Invocation__Mode"] = $"{mode}",
            ["Redis__Configuration"] = "redis:6379",
            ["Bootstrap__Lease"] = Lease,
            ["Directory__Lease"] = Lease,
            ["Supernode__ChildLease"] = Lease,
            ["Overlays__PostingLease"] = Lease,
            ["Overlays__VirtualNodes"] = $"{VirtualNodes}",
            ["Gateway__MembershipGrace"] = Lease,
            ["Share__Uploads"] = $"{Data}/uploads",
        };
        AddCalls(settings, service, mode);
        if (service is AppIds.Bootstrap or AppIds.Directory or AppIds.Gateway)
        {
            return settings;
        }

        settings["Node__App"] = app;
        settings["Node__DrainTime"] = "00:00:03";
        settings["Node__Endpoint"] = mode is CallMode.Direct ? $"http://{app}:{Port}" : Nowhere;
        settings["Keys__DataDirectory"] = $"{Data}/keys";
        settings["Supernode__DataDirectory"] = $"{Data}/contacts";
        return settings;
    }

    private static void AddCalls(Dictionary<string, string> settings, string service, CallMode mode)
    {
        if (mode is CallMode.Direct)
        {
            settings["Invocation__Endpoints__bootstrap"] = $"http://{AppIds.Bootstrap}:{Port}";
            settings["Invocation__Endpoints__directory"] = $"http://{AppIds.Directory}:{Port}";
            return;
        }

        settings["DAPR_API_TOKEN"] = ApiToken;
        if (service is not AppIds.Gateway)
        {
            settings["APP_API_TOKEN"] = AppToken;
        }
    }
}
