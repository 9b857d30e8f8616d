"""The same ONNX file behind MLServer: a custom runtime, as its documentation describes."""

import numpy as np
import onnxruntime
from mlserver import MLModel
from mlserver.codecs import NumpyCodec
from mlserver.types import InferenceResponse

OUTPUTS = ["demand", "demand_p10", "demand_p90"]


class Demand(MLModel):
    async def load(self) -> bool:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        self.session = onnxruntime.InferenceSession(self.settings.parameters.uri, options)
        return True

    async def predict(self, payload):
        features = np.asarray(NumpyCodec.decode_input(payload.inputs[0]), dtype=np.float32)
        answers = self.session.run(OUTPUTS, {"features": features})
        outputs = [NumpyCodec.encode_output(name, answer) for name, answer in zip(OUTPUTS, answers)]
        return InferenceResponse(model_name=self.name, outputs=outputs)
