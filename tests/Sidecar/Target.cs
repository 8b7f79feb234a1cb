using System.Text;
using Microsoft.AspNetCore.Http;

namespace P2PCloud.Sidecar;

/// <summary>Whom a request to a sidecar's API is for.</summary>
/// <param name="AppId">The callee.</param>
/// <param name="Namespace">Its namespace; null: the caller's own.</param>
/// <param name="Path">Its route, decoded and cleaned, with a leading slash.</param>
internal sealed record Target(string AppId, string? Namespace, string Path)
{
    private const string IdHeader = "dapr-app-id";
    private const string Prefix = "/v1.0/invoke/";
    private const string Method = "/method/";

    /// <summary>Reads the three forms of an address: the header, the user of basic authentication, the path, in this order.</summary>
    /// <returns>Null when none is there.</returns>
    public static Target? Of(HttpRequest request)
    {
        var path = request.Path.Value ?? "/";
        if (request.Headers[IdHeader].ToString() is { Length: > 0 } named)
        {
            request.Headers.Remove(IdHeader);
            return At(named, path);
        }

        if (BasicUser(request) is { } user)
        {
            request.Headers.Remove("Authorization");
            return At(user, path);
        }

        if (!path.StartsWith(Prefix, StringComparison.Ordinal) || path.IndexOf(Method, Prefix.Length, StringComparison.Ordinal) is not (> 0 and var end))
        {
            return null;
        }

        return At(path[Prefix.Length..end], path[(end + Method.Length - 1)..]);
    }

    private static Target At(string id, string path)
    {
        var dot = id.IndexOf('.', StringComparison.Ordinal);
        return dot < 0 ? new Target(id, null, Clean(path)) : new Target(id[..dot], id[(dot + 1)..], Clean(path));
    }

    /// <summary>The password is the app id's: <c>dapr-app-id:peer-7</c>.</summary>
    private static string? BasicUser(HttpRequest request)
    {
        const string scheme = "Basic ";
        var header = request.Headers.Authorization.ToString();
        if (!header.StartsWith(scheme, StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        var decoded = new byte[header.Length];
        if (!Convert.TryFromBase64String(header[scheme.Length..], decoded, out var length))
        {
            return null;
        }

        var parts = Encoding.UTF8.GetString(decoded, 0, length).Split(':', 2);
        return parts is [IdHeader, { Length: > 0 } id] ? id : null;
    }

    /// <summary>Resolves <c>..</c> and <c>//</c>. A path that leaves its root is left as it is, and refused by nobody's route.</summary>
    private static string Clean(string path)
    {
        var kept = new List<string>();
        foreach (var segment in Uri.UnescapeDataString(path).Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (segment == "..")
            {
                kept.RemoveRange(Math.Max(0, kept.Count - 1), Math.Min(1, kept.Count));
            }
            else if (segment != ".")
            {
                kept.Add(segment);
            }
        }

        return $"/{string.Join('/', kept)}";
    }
}
