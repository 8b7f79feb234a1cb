using P2PCloud.Contracts;

namespace P2PCloud.Cluster.Tests;

/// <summary>What each service of the cluster is told: the settings that the chart gives in Direct mode, with shorter leases.</summary>
public static class ServiceSettings
{
    /// <summary>Port of every service.</summary>
    public const int Port = 8080;

    /// <summary>Where a peer's volume is mounted. The image has this folder writable for all, and a new volume takes that over.</summary>
    public const string Data = "/tmp";

    private const string Lease = "00:00:10";

    /// <summary>The image's service of an app-id: the part before the number.</summary>
    public static string ServiceOf(string app) => app.Split('-')[0];

    /// <summary>Environment of a service.</summary>
    public static Dictionary<string, string> Of(string app)
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
            ["Invocation__Mode"] = "Direct",
            ["Invocation__Endpoints__bootstrap"] = $"http://{AppIds.Bootstrap}:{Port}",
            ["Invocation__Endpoints__directory"] = $"http://{AppIds.Directory}:{Port}",
            ["Redis__Configuration"] = "redis:6379",
            ["Bootstrap__Lease"] = Lease,
            ["Directory__Lease"] = Lease,
            ["Supernode__ChildLease"] = Lease,
            ["Overlays__PostingLease"] = Lease,
            ["Overlays__VirtualNodes"] = "2",
            ["Share__Uploads"] = $"{Data}/uploads",
        };
        if (service is AppIds.Bootstrap or AppIds.Directory or AppIds.Gateway)
        {
            return settings;
        }

        settings["Node__App"] = app;
        settings["Node__Endpoint"] = $"http://{app}:{Port}";
        settings["Keys__DataDirectory"] = $"{Data}/keys";
        settings["Supernode__DataDirectory"] = $"{Data}/contacts";
        return settings;
    }
}
