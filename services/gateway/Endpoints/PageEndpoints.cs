using System.Security.Cryptography;
using Microsoft.Net.Http.Headers;
using Scalar.AspNetCore;

namespace P2PCloud.Gateway.Endpoints;

/// <summary>The web page at <c>/</c> and the browsable interface at <c>/docs</c>. Nothing comes from another host.</summary>
internal static class PageEndpoints
{
    private const string PagePolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static readonly Dictionary<string, string> MediaTypes = new(StringComparer.Ordinal)
    {
        [".html"] = "text/html; charset=utf-8",
        [".css"] = "text/css; charset=utf-8",
        [".js"] = "text/javascript; charset=utf-8",
        [".svg"] = "image/svg+xml",
    };

    public static void MapPage(this IEndpointRouteBuilder routes)
    {
        const string folder = "Page/";
        var assembly = typeof(PageEndpoints).Assembly;
        foreach (var resource in assembly.GetManifestResourceNames().Where(name => name.StartsWith(folder, StringComparison.Ordinal)))
        {
            using var stream = assembly.GetManifestResourceStream(resource)!;
            var bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            var name = resource[folder.Length..];
            var tag = new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(bytes))}\"");
            var file = new PageFile(bytes, MediaTypes[Path.GetExtension(name)], tag);
            var path = name is "index.html" ? "/" : $"/{name}";
            routes.MapMethods(path, [HttpMethods.Get, HttpMethods.Head], http => Send(http, file)).ExcludeFromDescription();
        }
    }

    public static void MapDocumentation(this IEndpointRouteBuilder routes)
    {
        routes.MapOpenApi("/openapi/{documentName}.json");
        routes.MapScalarApiReference("/docs", options => options
                .WithTitle("P2PCloud: interface")
                .WithOpenApiRoutePattern("/openapi/{documentName}.json")
                .DisableDefaultFonts().DisableTelemetry().DisableAgent().DisableMcp().HideClientButton().HideDeveloperTools()
                .WithNonce())
            .AddEndpointFilter(async (context, next) =>
            {
                var http = context.HttpContext;
                http.Response.OnStarting(() =>
                {
                    var nonce = http.Items[ScalarOptions.NonceHttpContextItemKey] as string;
                    http.Response.Headers.ContentSecurityPolicy = DocumentationPolicy(nonce);
                    return Task.CompletedTask;
                });
                return await next(context);
            });
    }

    // The reference's script sets style attributes and data images; it needs no other host.
    private static string DocumentationPolicy(string? nonce) =>
        $"default-src 'none'; script-src 'self' 'nonce-{nonce}'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
        + "font-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static Task Send(HttpContext http, PageFile file)
    {
        http.Response.Headers.ContentSecurityPolicy = PagePolicy;
        http.Response.Headers.CacheControl = "no-cache";
        return TypedResults.Bytes(file.Bytes, file.MediaType, entityTag: file.Tag).ExecuteAsync(http);
    }

    private sealed record PageFile(byte[] Bytes, string MediaType, EntityTagHeaderValue Tag);
}
