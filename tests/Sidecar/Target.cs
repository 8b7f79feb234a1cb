using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace P2PCloud.Sidecar;

/// <summary>Whom a request to a sidecar's API is for.</summary>
/// <param name="App">The callee.</param>
/// <param name="Path">Its route, decoded and cleaned, with a leading slash; null when it leaves its root.</param>
internal sealed record Target(AppName App, string? Path)
{
    private const string IdHeader = "dapr-app-id";
    private const string Prefix = "/v1.0/invoke/";
    private const string Method = "/method/";

    /// <summary>Reads the three forms of an address: the header, the user of basic authentication, the path, in this order.</summary>
    /// <param name="request">Of the app.</param>
    /// <param name="space">The app's own namespace: the callee's, where none is named.</param>
    /// <returns>Null when none is there.</returns>
    public static Target? Of(HttpRequest request, string space)
    {
        var path = RawPath(request);
        if (request.Headers[IdHeader].ToString() is { Length: > 0 } named)
        {
            request.Headers.Remove(IdHeader);
            return At(named, path, space);
        }

        if (BasicUser(request) is { } user)
        {
            return At(user, path, space);
        }

        if (!path.StartsWith(Prefix, StringComparison.Ordinal) || path.IndexOf(Method, Prefix.Length, StringComparison.Ordinal) is not (> 0 and var end))
        {
            return null;
        }

        return At(Uri.UnescapeDataString(path[Prefix.Length..end]), path[(end + Method.Length - 1)..], space);
    }

    /// <summary>As it was sent: the server has decoded its own copy already, and taken dots out of it.</summary>
    private static string RawPath(HttpRequest request)
    {
        var target = request.HttpContext.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        return target.StartsWith('/') ? target.Split('?', 2)[0] : request.Path.ToUriComponent();
    }

    private static Target At(string id, string path, string space)
    {
        var dot = id.IndexOf('.', StringComparison.Ordinal);
        return new Target(dot < 0 ? new AppName(id, space) : new AppName(id[..dot], id[(dot + 1)..]), Clean(path));
    }

    /// <summary>The password is the app id's: <c>dapr-app-id:peer-7</c>. The header goes on to the app.</summary>
    private static string? BasicUser(HttpRequest request)
    {
        const string scheme = "Basic ";
        var header = request.Headers.Authorization.ToString();
        if (!header.StartsWith(scheme, StringComparison.Ordinal))
        {
            return null;
        }

        var decoded = new byte[header.Length];
        if (!Convert.TryFromBase64String(header[scheme.Length..], decoded, out var length))
        {
            return null;
        }

        var parts = Encoding.UTF8.GetString(decoded, 0, length).Split(':');
        return parts is [var name, { Length: > 0 } id] && name.Equals(IdHeader, StringComparison.OrdinalIgnoreCase) ? id : null;
    }

    /// <summary>Decodes once, and resolves <c>..</c> and <c>//</c>.</summary>
    private static string? Clean(string path)
    {
        var kept = new List<string>();
        foreach (var segment in Uri.UnescapeDataString(path).Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            switch (segment)
            {
                case ".":
                    break;
                case ".." when kept.Count == 0:
                    return null;
                case "..":
                    kept.RemoveAt(kept.Count - 1);
                    break;
                default:
                    kept.Add(segment);
                    break;
            }
        }

        return $"/{string.Join('/', kept)}";
    }
}
