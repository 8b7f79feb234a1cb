using System.Net;
using System.Text.Json;
using Microsoft.OpenApi;
using P2PCloud.Gateway.Tests.Fakes;

namespace P2PCloud.Gateway.Tests;

public sealed class DocumentTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_OpenAPI_document_is_valid_and_has_every_route()
    {
        var (cloud, _) = await FakeCloud.StartAsync(0);
        await using var owned = cloud;

        var read = OpenApiDocument.Parse(await cloud.Client.GetStringAsync("/openapi/v1.json", Token), "json");

        Assert.Empty(read.Diagnostic!.Errors);
        var routes = read.Document!.Paths.SelectMany(path => path.Value.Operations!.Keys.Select(method => $"{method} {path.Key}"));
        Assert.Equal(
            [
                "DELETE /api/v1/files/{contentId}", "DELETE /api/v1/keys/{key}", "GET /api/v1/files", "GET /api/v1/files/{contentId}",
                "GET /api/v1/keys/{key}", "GET /api/v1/lookups", "GET /api/v1/topology", "GET /healthz/live", "GET /healthz/ready",
                "HEAD /api/v1/files/{contentId}", "PUT /api/v1/files", "PUT /api/v1/keys/{key}",
            ],
            routes.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Every_operation_says_what_it_does_what_it_takes_and_how_it_fails()
    {
        var (cloud, _) = await FakeCloud.StartAsync(0);
        await using var owned = cloud;

        var read = OpenApiDocument.Parse(await cloud.Client.GetStringAsync("/openapi/v1.json", Token), "json");

        var operations = read.Document!.Paths.Values.SelectMany(path => path.Operations!.Values).ToList();
        Assert.Equal(operations.Count, operations.Select(operation => operation.OperationId).Distinct().Count());
        Assert.All(operations, operation =>
        {
            Assert.NotEmpty(operation.Summary!);
            Assert.NotEmpty(operation.Description!);
            Assert.All(operation.Parameters ?? [], parameter => Assert.NotEmpty(parameter.Description!));
            Assert.All(
                operation.Responses!.Where(response => response.Key[0] is '4' or '5' && operation.OperationId is not "ready"),
                response => Assert.Contains("application/problem+json", response.Value.Content!.Keys));
        });
    }

    [Fact]
    public async Task The_document_gives_the_real_types_of_parameters()
    {
        var (cloud, _) = await FakeCloud.StartAsync(0);
        await using var owned = cloud;

        using var document = JsonDocument.Parse(await cloud.Client.GetStringAsync("/openapi/v1.json", Token));

        var lookup = document.RootElement.GetProperty("paths").GetProperty("/api/v1/lookups").GetProperty("get");
        var parameters = lookup.GetProperty("parameters").EnumerateArray()
            .ToDictionary(parameter => parameter.GetProperty("name").GetString()!, parameter => parameter.GetProperty("schema"));
        Assert.Equal("integer", parameters["limit"].GetProperty("type").GetString());
        var techniques = parameters["technique"].GetProperty("enum").EnumerateArray().Select(value => value.GetString());
        Assert.Equal(["napster", "gnutella", "kazaa", "chord"], techniques);
    }

    [Fact]
    public async Task The_document_describes_answers_as_they_are_written()
    {
        var (cloud, _) = await FakeCloud.StartAsync(0);
        await using var owned = cloud;

        using var document = JsonDocument.Parse(await cloud.Client.GetStringAsync("/openapi/v1.json", Token));

        var result = document.RootElement.GetProperty("components").GetProperty("schemas").GetProperty("LookupResult");
        Assert.NotEmpty(result.GetProperty("description").GetString()!);
        var messages = result.GetProperty("properties").GetProperty("messages");
        Assert.Equal("integer", messages.GetProperty("type").GetString());
        Assert.NotEmpty(messages.GetProperty("description").GetString()!);
    }

    [Theory]
    [InlineData("/", "text/html")]
    [InlineData("/style.css", "text/css")]
    [InlineData("/app.js", "text/javascript")]
    public async Task The_page_is_served_with_a_strict_policy_and_a_tag(string path, string mediaType)
    {
        var (cloud, _) = await FakeCloud.StartAsync(0);
        await using var owned = cloud;

        var response = await cloud.GetAsync(path);

        Assert.Equal((HttpStatusCode.OK, mediaType), (response.StatusCode, response.Content.Headers.ContentType?.MediaType));
        var policy = Assert.Single(response.Headers.GetValues("Content-Security-Policy"));
        Assert.StartsWith("default-src 'none'; script-src 'self'; style-src 'self';", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        using var again = new HttpRequestMessage(HttpMethod.Get, path);
        again.Headers.IfNoneMatch.Add(response.Headers.ETag!);
        Assert.Equal(HttpStatusCode.NotModified, (await cloud.Client.SendAsync(again, Token)).StatusCode);
    }

    [Fact]
    public async Task The_page_needs_no_other_host()
    {
        var (cloud, _) = await FakeCloud.StartAsync(0);
        await using var owned = cloud;

        string[] paths = ["/", "/style.css", "/app.js", "/api.js", "/dom.js", "/graphs.js", "/search.js", "/share.js", "/icon.svg"];
        foreach (var path in paths)
        {
            var text = (await cloud.Client.GetStringAsync(path, Token)).Replace("http://www.w3.org/2000/svg", "", StringComparison.Ordinal);
            Assert.DoesNotContain("http:", text, StringComparison.Ordinal);
            Assert.DoesNotContain("https:", text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_browsable_interface_loads_scripts_from_here_only()
    {
        var (cloud, _) = await FakeCloud.StartAsync(0);
        await using var owned = cloud;

        var response = await cloud.GetAsync("/docs");

        var html = await response.Content.ReadAsStringAsync(Token);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var policy = Assert.Single(response.Headers.GetValues("Content-Security-Policy"));
        Assert.Contains("script-src 'self' 'nonce-", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("https://", html, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await cloud.GetAsync("/docs/scalar.js")).StatusCode);
    }

    [Theory]
    [InlineData("GET", "/api/v1/nothing", HttpStatusCode.NotFound)]
    [InlineData("GET", "/api/v2/files", HttpStatusCode.NotFound)]
    [InlineData("POST", "/api/v1/files", HttpStatusCode.MethodNotAllowed)]
    public async Task Routes_that_do_not_exist_are_problems_too(string method, string path, HttpStatusCode expected)
    {
        var (cloud, _) = await FakeCloud.StartAsync(0);
        await using var owned = cloud;
        using var request = new HttpRequestMessage(new HttpMethod(method), path);

        Assert.Contains("/docs", await (await cloud.Client.SendAsync(request, Token)).ProblemAsync(expected), StringComparison.Ordinal);
    }
}
