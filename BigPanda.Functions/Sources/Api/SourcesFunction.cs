using BigPanda.Functions.Http;
using BigPanda.Functions.Sources.Traffic;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace BigPanda.Functions.Sources.Api;

/// <summary><c>/sources</c>: creates, shows, changes and deletes alert sources.</summary>
public sealed class SourcesFunction(
    SourceService service, SourceStore store, SourceReader reader, ILogger<SourcesFunction> logger)
{
    private const string NoAddress = "The callback URL is unknown: the request has no valid Host header. Send one, or set Sources__PublicBaseUrl.";

    [Function("ListSources")]
    public Task<IResult> ListAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", "head", Route = "sources")] HttpRequest request, CancellationToken cancellationToken) =>
        TryWithUrlAsync(
            request,
            async url => JsonResponse.Of(new SourceListView(await reader.ListAsync(url, cancellationToken)), SourceJson.Default.SourceListView),
            cancellationToken);

    [Function("GetSource")]
    public Task<IResult> GetAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", "head", Route = "sources/{id}")] HttpRequest request,
        string id,
        CancellationToken cancellationToken) =>
        TryWithUrlAsync(
            request,
            async url => await store.FindAsync(id, cancellationToken) is { } source
                ? JsonResponse.Of(await reader.ReadAsync(source, url, cancellationToken), SourceJson.Default.SourceView)
                : NotFound(),
            cancellationToken);

    [Function("CreateSource")]
    public Task<IResult> CreateAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "sources")] HttpRequest request, CancellationToken cancellationToken) =>
        TryWithUrlAsync(request, url => CreateSourceAsync(request, url, cancellationToken), cancellationToken);

    [Function("ChangeSource")]
    public Task<IResult> ChangeAsync(
        [HttpTrigger(AuthorizationLevel.Function, "patch", Route = "sources/{id}")] HttpRequest request, string id, CancellationToken cancellationToken) =>
        TryWithUrlAsync(request, url => ChangeSourceAsync(request, url, id, cancellationToken), cancellationToken);

    [Function("DeleteSource")]
    public Task<IResult> DeleteAsync(
        [HttpTrigger(AuthorizationLevel.Function, "delete", Route = "sources/{id}")] HttpRequest request, string id, CancellationToken cancellationToken) =>
        // A monitor's keys are in the vault.
        StoreOutage.Connections.CatchAsync(
            request, logger, async () => await service.RemoveAsync(id, cancellationToken) ? Results.NoContent() : NotFound(), cancellationToken);

    [Function("AddSourceToken")]
    public Task<IResult> AddTokenAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "sources/{id}/tokens")] HttpRequest request,
        string id,
        CancellationToken cancellationToken) =>
        TryAsync(request, () => IssueTokenAsync(request, id, cancellationToken), cancellationToken);

    [Function("DeleteSourceToken")]
    public Task<IResult> DeleteTokenAsync(
        [HttpTrigger(AuthorizationLevel.Function, "delete", Route = "sources/{id}/tokens/{tokenId}")] HttpRequest request,
        string id,
        string tokenId,
        CancellationToken cancellationToken) =>
        TryAsync(
            request,
            async () =>
            {
                RequestNote.Of(request).With($"token {tokenId}");
                return await service.RemoveTokenAsync(id, tokenId, cancellationToken) switch
                {
                    TokenRemoval.Done => Results.NoContent(),
                    TokenRemoval.LastOne => Problems.LastToken.With("This is the source's only token. Add another first, or delete the source."),
                    _ => Problems.TokenNotFound.With("No source has this id, or the source does not have this token."),
                };
            },
            cancellationToken);

    private async Task<IResult> CreateSourceAsync(HttpRequest request, Uri url, CancellationToken cancellationToken)
    {
        var (body, error) = await JsonBody.ReadAsync(request, SourceJson.Default.NewSource, NewSource.Shape, cancellationToken);
        if (body?.Trimmed() is not { } wanted) return Problems.InvalidBody.With(error);
        if (wanted.FindKind() is null) return Problems.InvalidBody.With($"kind must be {SourceKinds.All}.", ("field", "kind"));
        if ((wanted.Validate() ?? wanted.ValidateHeader()) is { } invalid) return Invalid(invalid);

        var (source, token) = await service.CreateAsync(wanted, cancellationToken);
        RequestNote.Of(request).On(source.Id).With(source.Name);
        request.HttpContext.Response.Headers.Location = $"{request.Path}/{source.Id}";
        var created = NewSourceView.Of(reader.View(source, SourceUsage.None, url), token.Value);
        return JsonResponse.Of(created, SourceJson.Default.NewSourceView, StatusCodes.Status201Created);
    }

    private async Task<IResult> ChangeSourceAsync(HttpRequest request, Uri url, string id, CancellationToken cancellationToken)
    {
        var (change, error) = await JsonBody.ReadAsync(request, SourceJson.Default.SourceChange, SourceChange.Shape, cancellationToken);
        if (change is null) return Problems.InvalidBody.With(error);
        RequestNote.Of(request).With(change.Changed);
        if (await store.FindAsync(id, cancellationToken) is not { } before) return NotFound();
        if (change.ApplyTo(before) is not { } wanted)
            return Problems.InvalidBody.With($"{change.WrongMember} has a value of the wrong type: {SourceChange.Shape}.");
        if (wanted.Validate() is { } invalid) return Invalid(invalid);

        // Applied to the source as it is when saved, so that only the named members are overwritten.
        return await service.ChangeAsync(id, source => change.ApplyTo(source) ?? wanted, cancellationToken) is { } changed
            ? JsonResponse.Of(await reader.ReadAsync(changed, url, cancellationToken), SourceJson.Default.SourceView)
            : NotFound();
    }

    private async Task<IResult> IssueTokenAsync(HttpRequest request, string id, CancellationToken cancellationToken)
    {
        var (source, token) = await service.AddTokenAsync(id, cancellationToken);
        if (source is null) return NotFound();
        if (token is null)
        {
            return Problems.TokenLimitReached.With(
                $"The source already has {AlertSource.MaxTokens} tokens. Delete the one that is not in use first: the last use of each is beside it.");
        }

        RequestNote.Of(request).With($"token {token.Stored.Id}");
        var (stored, header) = (token.Stored, HeaderView.Of(source.HeaderName, token.Value));
        var view = new NewTokenView(stored.Id, stored.Prefix, stored.CreatedAt.UtcDateTime, token.Value, header);
        return JsonResponse.Of(view, SourceJson.Default.NewTokenView, StatusCodes.Status201Created);
    }

    /// <summary>For responses with a callback URL: without one, nothing is read or stored.</summary>
    private Task<IResult> TryWithUrlAsync(HttpRequest request, Func<Uri, Task<IResult>> handle, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        return reader.FindAddress(request) is { } url
            ? TryAsync(request, () => handle(url), cancellationToken)
            : Task.FromResult(Problems.PublicUrlUnknown.With(NoAddress));
    }

    private Task<IResult> TryAsync(HttpRequest request, Func<Task<IResult>> handle, CancellationToken cancellationToken) =>
        StoreOutage.Tables.CatchAsync(request, logger, handle, cancellationToken);

    private static IResult NotFound() => Problems.SourceNotFound.With("No source has this id.");

    private static IResult Invalid(SourceError error) => Problems.InvalidSource.With(error.Detail, ("field", error.Field), ("position", error.Position));
}
