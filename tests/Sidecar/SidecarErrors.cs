using Microsoft.AspNetCore.Http;

namespace P2PCloud.Sidecar;

/// <summary>A sidecar's own answers. An app's errors are never changed.</summary>
internal static class SidecarErrors
{
    public const string DirectInvoke = "ERR_DIRECT_INVOKE";

    /// <summary>Writes an error of the sidecar.</summary>
    public static Task WriteAsync(HttpContext http, int status, string code, string message)
    {
        http.Response.StatusCode = status;
        return http.Response.WriteAsJsonAsync(
            new Dictionary<string, string> { ["errorCode"] = code, ["message"] = message },
            options: null,
            contentType: "application/json",
            http.RequestAborted);
    }

    /// <summary>The call did not get through.</summary>
    public static Task NotInvokedAsync(HttpContext http, string app, string reason, int status = StatusCodes.Status500InternalServerError) =>
        WriteAsync(http, status, DirectInvoke, $"failed to invoke, id: {app}, err: {reason}");
}
