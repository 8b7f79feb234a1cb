using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace P2PCloud.ServiceDefaults;

/// <summary>
/// Lets only the service's own sidecar in: it sends the token of Dapr's standard variable with every request. Probes need none.
/// </summary>
internal sealed class AppToken(string token)
{
    /// <summary>Environment variable with the token; where it is not set, nothing is checked.</summary>
    public const string Variable = "APP_API_TOKEN";

    private const string Header = "dapr-api-token";

    private readonly byte[] _expected = Encoding.UTF8.GetBytes(token);

    public Task CheckAsync(HttpContext context, RequestDelegate next)
    {
        var given = Encoding.UTF8.GetBytes(context.Request.Headers[Header].ToString());
        if (context.Request.Path.StartsWithSegments("/healthz") || CryptographicOperations.FixedTimeEquals(given, _expected))
        {
            return next(context);
        }

        context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        return Task.CompletedTask;
    }
}
