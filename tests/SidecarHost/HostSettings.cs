using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace P2PCloud.Sidecar.Host;

/// <summary>What a sidecar double in a container is told by its environment. It shares the network of its app's container, as in a pod.</summary>
internal static class HostSettings
{
    /// <summary>Identity of the app.</summary>
    public const string AppId = "APP_ID";

    /// <summary>Where the app listens; 8080 if not set.</summary>
    public const string AppPort = "APP_PORT";

    /// <summary>For the app: the sidecar's API; 3500, Dapr's own, if not set.</summary>
    public const string ApiPort = "DAPR_HTTP_PORT";

    /// <summary>For other sidecars; 50002, Dapr's own, if not set.</summary>
    public const string InternalPort = "DAPR_INTERNAL_PORT";

    /// <summary>What the app must send; nothing if not set.</summary>
    public const string ApiToken = "DAPR_API_TOKEN";

    /// <summary>What the app is sent; nothing if not set.</summary>
    public const string AppToken = "APP_API_TOKEN";

    private const string Namespace = "default";

    /// <summary>Reads the settings. An app id is a name on the network, where there is one namespace: its sidecar listens there.</summary>
    /// <returns>Null, with what is wrong, when they cannot be read.</returns>
    public static SidecarSettings? From(Func<string, string?> variable, out string? error)
    {
        error = null;
        if (variable(AppId) is not { Length: > 0 } app)
        {
            error = $"{AppId} is not set: it is the id of the app beside this sidecar.";
            return null;
        }

        if (Port(variable, AppPort, 8080, ref error) is not { } appPort
            || Port(variable, ApiPort, 3500, ref error) is not { } apiPort
            || Port(variable, InternalPort, 50002, ref error) is not { } internalPort)
        {
            return null;
        }

        return new SidecarSettings
        {
            AppId = app,
            Namespace = Namespace,
            AppAddress = () => $"http://127.0.0.1:{appPort}",
            Resolve = (callee, cancellationToken) => ResolveAsync(callee, internalPort, cancellationToken),
            ApiToken = variable(ApiToken),
            AppToken = variable(AppToken),
            ApiUrl = $"http://127.0.0.1:{apiPort}",
            InternalUrl = $"http://0.0.0.0:{internalPort}",
        };
    }

    /// <summary>To an address, as Dapr's resolver does: one of a name's at random, and none where the name is not known or nobody says.</summary>
    private static async ValueTask<string?> ResolveAsync(AppName callee, int port, CancellationToken cancellationToken)
    {
        if (callee.Namespace != Namespace)
        {
            return null;
        }

        try
        {
            var addresses = await Dns.GetHostAddressesAsync(callee.Id, AddressFamily.InterNetwork, cancellationToken);
            return addresses.Length > 0 ? $"http://{addresses[RandomNumberGenerator.GetInt32(addresses.Length)]}:{port}" : null;
        }
        catch (SocketException)
        {
            return null;
        }
    }

    private static int? Port(Func<string, string?> variable, string name, int usual, ref string? error)
    {
        if (variable(name) is not { Length: > 0 } text)
        {
            return usual;
        }

        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is > 0 and < 65536)
        {
            return port;
        }

        error = $"{name} is {text}: it must be a port, from 1 to 65535.";
        return null;
    }
}
