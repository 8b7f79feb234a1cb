using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace P2PCloud.Sidecar;

/// <summary>Which headers a sidecar passes on, and which it adds.</summary>
internal static class Headers
{
    public const string Caller = "dapr-caller-app-id";
    public const string CallerNamespace = "dapr-caller-namespace";
    public const string Callee = "dapr-callee-app-id";
    public const string Token = "dapr-api-token";

    /// <summary>Set between two sidecars only: the callee that is meant, as its certificate would be checked.</summary>
    public const string Meant = "sidecar-meant";

    /// <summary>Set between two sidecars only: the answer is the sidecar's own.</summary>
    public const string Own = "sidecar-own";

    private static readonly HashSet<string> HopByHop = new(StringComparer.OrdinalIgnoreCase)
    {
        "Connection", "Keep-Alive", "Proxy-Authenticate", "Proxy-Authorization", "Proxy-Connection", "TE", "Trailer", "Transfer-Encoding", "Upgrade",
    };

    /// <summary>Copies a request's headers to the next hop.</summary>
    public static void Copy(HttpRequest from, HttpRequestMessage to)
    {
        foreach (var (name, values) in Passing(from.Headers).Where(header => header.Key is not "Host"))
        {
            if (!to.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values))
            {
                to.Content?.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values);
            }
        }
    }

    /// <summary>Copies an answer's headers back. Its length is not passed on: sidecars stream.</summary>
    public static void Copy(HttpResponseMessage from, HttpResponse to)
    {
        var all = from.Headers.Concat(from.Content.Headers).ToDictionary(header => header.Key, header => new StringValues([.. header.Value]));
        foreach (var (name, values) in Passing(all).Where(header => header.Key is not ("Content-Length" or Own)))
        {
            to.Headers[name] = values;
        }
    }

    /// <summary>Says where a request comes from and goes to.</summary>
    public static void AddIdentity(HttpRequestMessage request, HttpContext http, SidecarSettings settings, AppName callee)
    {
        foreach (var name in (string[])[Caller, CallerNamespace, Callee, Meant])
        {
            request.Headers.Remove(name);
        }

        request.Headers.Add(Caller, settings.AppId);
        request.Headers.Add(CallerNamespace, settings.Namespace);
        request.Headers.Add(Callee, callee.Id);
        request.Headers.Add(Meant, IdentityOf(callee));
        // The pod that both are in: its address, and its name, which is the app id.
        var host = http.Connection.LocalIpAddress?.ToString() ?? "127.0.0.1";
        request.Headers.TryAddWithoutValidation("X-Forwarded-For", host);
        request.Headers.TryAddWithoutValidation("X-Forwarded-Host", settings.AppId);
        request.Headers.TryAddWithoutValidation("Forwarded", $"for={host};by={host};host={settings.AppId}");
    }

    /// <summary>What an app's certificate says.</summary>
    public static string IdentityOf(AppName app) => $"/ns/{app.Namespace}/{app.Id}";

    private static IEnumerable<KeyValuePair<string, StringValues>> Passing(IEnumerable<KeyValuePair<string, StringValues>> headers)
    {
        var all = headers.ToList();
        var named = all.Where(header => header.Key.Equals("Connection", StringComparison.OrdinalIgnoreCase))
            .SelectMany(header => header.Value.SelectMany(value => (value ?? "").Split(',', StringSplitOptions.TrimEntries)))
            .ToHashSet(StringComparer.OrdinalIgnoreCase);
        return all.Where(header => !HopByHop.Contains(header.Key) && !named.Contains(header.Key)
            && !header.Key.EndsWith("-bin", StringComparison.OrdinalIgnoreCase) && !header.Key.Equals(Token, StringComparison.OrdinalIgnoreCase));
    }
}
