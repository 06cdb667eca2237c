// Says what Flux makes of objects. Each line of the input is JSON: an `object`, and `expressions` as in a
// Kustomization's healthCheckExprs, or without them the rules that Flux has for every kind. Prints a status for each.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"os"

	"github.com/fluxcd/cli-utils/pkg/kstatus/status"
	"github.com/fluxcd/pkg/apis/kustomize"
	"github.com/fluxcd/pkg/runtime/cel"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

type question struct {
	Object      *unstructured.Unstructured        `json:"object"`
	Expressions *kustomize.HealthCheckExpressions `json:"expressions"`
}

func main() {
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 1<<24)
	for lines.Scan() {
		answer, err := judge(lines.Bytes())
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		fmt.Println(answer)
	}
}

func judge(line []byte) (status.Status, error) {
	var asked question
	if err := json.Unmarshal(line, &asked); err != nil {
		return "", err
	}
	result, err := compute(asked)
	if err != nil {
		return "", err
	}
	return result.Status, nil
}

func compute(asked question) (*status.Result, error) {
	if asked.Expressions == nil {
		return status.Compute(asked.Object)
	}
	evaluator, err := cel.NewStatusEvaluator(asked.Expressions)
	if err != nil {
		return nil, err
	}
	result, err := evaluator.Evaluate(context.Background(), asked.Object)
	if err != nil {
		// What Flux's reader makes of an object that lacks what an expression asks for: it goes on waiting.
		return &status.Result{Status: status.UnknownStatus}, nil
	}
	return result, nil
}
